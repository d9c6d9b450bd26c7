import { bucketOf } from '../buckets.ts'
import { observedPrefix } from './state-builder.ts'
import type {
  BucketClosing,
  ControlsRecord,
  EndpointSettings,
  PullFlush,
  RewardApplication,
  Standing,
} from './store.ts'

/**
 * Arguments are checked before anything is written: a wrong number in a sum cannot be taken out again. Each check
 * throws a RangeError, which is a fault of the caller.
 */
function demand(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule)
}

export function checkSettings(settings: EndpointSettings): void {
  const { endpoint, generation, windowMs, bucketMs, retentionMs = 0 } = settings
  demand(/^[^{}]+$/.test(endpoint), 'endpoint must be a name without { and }')
  demand(generation !== '', 'generation must not be empty')
  demand(isPositive(windowMs) && isPositive(bucketMs), 'windowMs and bucketMs must be integers above 0')
  demand(Number.isSafeInteger(retentionMs) && retentionMs >= 0, 'retentionMs must be an integer, 0 or more')
}

export function checkSecret(secret: string): void {
  demand(/^\S+$/.test(secret), 'a signing secret must be a word, and not an empty one')
}

export function checkFlush({ gateway, sequence, counts }: PullFlush): void {
  demand(gateway !== '', 'gateway must not be empty')
  demand(isPositive(sequence), 'sequence must be an integer above 0')
  for (const { arm, bucket, pulls, silence } of counts) {
    checkArm(arm)
    checkInteger(bucket, 'bucket')
    demand(Number.isSafeInteger(pulls) && pulls >= 0, 'pulls must be an integer, 0 or more')
    if (silence === undefined) continue
    checkInteger(silence.epoch, 'epoch')
    checkDelta(silence.sums, 'the sums of silence')
  }
}

export function checkRecord(key: string, value: string, ttlMs: number): void {
  demand(key !== '', 'key must not be empty')
  demand(value !== '', 'value must not be empty')
  demand(isPositive(ttlMs), 'ttlMs must be an integer above 0')
}

export function checkApplication(application: RewardApplication, bucketMs: number): void {
  const { key, arm, bucket, epoch, decidedAt, acceptedAt, expectedMark, mark, delta, base } = application
  demand(/^[\w-]{16}$/.test(key), 'key must be 16 base64url characters')
  checkArm(arm)
  checkInteger(epoch, 'epoch')
  demand(Number.isFinite(decidedAt), 'decidedAt must be finite')
  demand(acceptedAt === undefined || Number.isFinite(acceptedAt), 'acceptedAt must be finite')
  demand(bucket === bucketOf(decidedAt, bucketMs), 'bucket must be the one that decidedAt falls into')
  const changed = base === undefined ? mark !== expectedMark : base.next !== '' && base.next !== base.expected
  demand(mark !== '' && changed, 'mark must be neither empty nor the expected one, and a base likewise')
  checkDelta(delta, 'delta')
  for (const { name, delta: beside } of application.observed ?? []) {
    demand(name !== '', 'what is observed must have a name')
    checkDelta(beside, `the delta of ${name}`)
  }
  checkTransition(application)
}

/** The mark says more than the standing, but never something else. */
function checkTransition(application: RewardApplication): void {
  const { from, to } = standings(application)
  demand(application.expectedMark !== '' || from === 'unsettled', 'a decision without a mark is unsettled')
  const settles = from === to || (from !== 'void' && to !== 'unsettled')
  demand(settles || application.base !== undefined, 'a settled decision is not unsettled again')
  const { defaultDelta, heldDelta, delta } = application
  for (const [name, other] of Object.entries({ defaultDelta, heldDelta })) {
    if (other === undefined) continue
    checkDelta(other, name)
    demand(other.length === delta.length, `${name} must have as many numbers as delta`)
  }
}

export function standings({ expectedMark, from, to = 'rewarded' }: RewardApplication): {
  readonly from: Standing
  readonly to: Standing
} {
  return { from: from ?? (expectedMark === '' ? 'unsettled' : 'rewarded'), to }
}

export function checkClosing({ bucket, epoch, defaultDelta }: BucketClosing): void {
  checkInteger(bucket, 'bucket')
  checkInteger(epoch, 'epoch')
  if (defaultDelta !== undefined) checkDelta(defaultDelta, 'defaultDelta')
}

export function checkControls(expected: number, { revision, text }: ControlsRecord): void {
  demand(Number.isSafeInteger(expected) && expected >= 0, 'expected must be an integer, 0 or more')
  demand(Number.isSafeInteger(revision) && revision > expected, 'revision must be an integer above expected')
  demand(text !== '', 'text must not be empty')
}

export function checkInteger(value: number, name: string): void {
  demand(Number.isSafeInteger(value), `${name} must be an integer`)
}

function checkArm(arm: string): void {
  demand(arm !== '', 'arm must not be empty')
  demand(!arm.startsWith(observedPrefix), `the name of an arm must not begin with ${observedPrefix}`)
}

function checkDelta(delta: Float64Array, name: string): void {
  demand(delta.length > 0 && delta.every(Number.isFinite), `${name} must hold finite numbers, at least one`)
}

function isPositive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
