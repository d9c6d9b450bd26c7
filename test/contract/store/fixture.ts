import type {
  EndpointSettings,
  EndpointState,
  RewardApplication,
  Store,
} from '../../../bandit/store/store.ts'

/** One test's own data and ways to reach it. */
export interface StoreFixture {
  /** Opens one more instance on the data; closed when the test is over. */
  readonly newStore: () => Promise<Store>
  /** All that is kept, as text: equal when nothing was written. */
  readonly dump: () => Promise<string>
}

export type NewFixture = () => Promise<StoreFixture>

const bucketMs = 10_000
export const windowMs = 60_000
export const settings: EndpointSettings = { endpoint: 'digits', generation: '0a1b2c3d', windowMs, bucketMs }

/** Its window ended some minutes ago, so it may be closed, while its marks are still kept. */
export const overBucket = Math.floor(Date.now() / bucketMs) - 60

/** A time within the bucket. */
export const timeIn = (bucket: number): number => bucket * bucketMs + 1234

/** A reward for arm a that comes in time, and once more or less of it. */
export const reward = (changed: Partial<RewardApplication> = {}): RewardApplication => {
  const bucket = changed.bucket ?? overBucket
  return {
    key: keyOf(1),
    arm: 'a',
    bucket,
    epoch: 7,
    decidedAt: timeIn(bucket),
    acceptedAt: timeIn(bucket) + 1000,
    expectedMark: '',
    mark: 'first',
    delta: Float64Array.of(1, 250_000, 62_500),
    ...changed,
  }
}

export const keyOf = (n: number): string => `key-${String(n).padStart(12, '0')}`

export const sumsOf = (state: EndpointState | undefined, arm: string, epoch = 7): number[] => [
  ...(state?.arms.get(arm)?.epochs.get(epoch) ?? []),
]

export const openOf = (state: EndpointState | undefined, arm: string, bucket = overBucket) =>
  state?.arms.get(arm)?.open.get(bucket)
