import type { EndpointKeys } from './keys.ts'
import type { RunScript } from './redis-scripts.ts'
import { changeableMs } from '../retention.ts'
import type { EndpointSettings, EndpointStore } from '../store.ts'

export interface RedisMarksDeps {
  readonly settings: EndpointSettings
  readonly keys: Pick<EndpointKeys, 'journals' | 'forgotten' | 'marks'>
  readonly run: RunScript
  /** How long a journal is waited for of which nothing is heard. */
  readonly waitMs: number
}

/** Three turns of gateways that look every 5 s: beyond it nobody can have looked. */
const longestLookMs = 15_000

/** Between acceptance and store for feedback that the store takes at once, and between the clocks of gateways. */
const onItsWayMs = 5000

/** Buckets that one script lets go of, and scripts a call: a store that comes back after long has thousands of them. */
const bucketsAtOnce = 100
const scriptsPerCall = 10

export function createMarksForgetting({
  settings,
  keys,
  run,
  waitMs,
}: RedisMarksDeps): EndpointStore['forgetMarks'] {
  const { bucketMs } = settings
  const times = [bucketMs, changeableMs(settings), waitMs, longestLookMs, onItsWayMs] as const

  return async (progress) => {
    const journal = [progress?.journal ?? '', progress?.brought ?? ''] as const
    const givenUp: string[] = []
    let buckets: readonly number[] = []
    for (let script = 1; ; script++) {
      const reply = await run(
        'forget-marks',
        [keys.journals, keys.forgotten, ...buckets.map((bucket) => keys.marks(bucket))],
        [...journal, ...times, buckets[0] ?? 0],
      )
      const [forgotten, last, overdueMs, ...names] = reply as readonly [number, number, number, ...string[]]
      givenUp.push(...names)
      const left = Math.min(Math.max(0, last - forgotten), bucketsAtOnce)
      if (left === 0 || script === scriptsPerCall) return { overdueMs, givenUp }
      buckets = Array.from({ length: left }, (_, i) => forgotten + 1 + i)
    }
  }
}
