import type { Redis } from 'ioredis'
import type { Caller } from '../faults/bench/caller.ts'

/** What must not grow. */
export interface Levels {
  readonly atMs: number
  readonly residentMiB: number
  readonly openFiles: number
  readonly timers: number
  readonly redisKeys: number
  readonly redisMiB: number
}

type Level = Exclude<keyof Levels, 'atMs'>

/** What each may be above 1.1 times its level, in its own unit: small numbers move by one or two. */
const slack: Readonly<Record<Level, number>> = {
  residentMiB: 8,
  openFiles: 8,
  timers: 8,
  redisKeys: 20,
  redisMiB: 1,
}
const growth = 1.1

export async function readLevels(
  { call }: Pick<Caller, 'call'>,
  redis: Redis,
  atMs: number,
): Promise<Levels> {
  const { text } = await call('/metrics')
  const sample = (name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ''))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  const memory = await redis.info('memory')
  return {
    atMs,
    residentMiB: sample('bandit_process_resident_memory_bytes') / 2 ** 20,
    openFiles: sample('bandit_process_open_fds'),
    timers:
      sample('bandit_nodejs_active_resources{type="Timeout"}') || sample('bandit_nodejs_active_resources'),
    redisKeys: await redis.dbsize(),
    redisMiB: Number(/^used_memory:(\d+)/m.exec(memory)?.[1]) / 2 ** 20,
  }
}

/**
 * What is higher at the end than at `settledAtMs`, each the median of a tenth of all samples, so that one garbage
 * collection more or less says nothing.
 */
export function grown(samples: readonly Levels[], settledAtMs: number): string[] {
  const count = Math.max(1, Math.floor(samples.length / 10))
  const settled = samples.filter(({ atMs }) => atMs >= settledAtMs).slice(0, count)
  const last = samples.slice(-count)
  return (Object.keys(slack) as Level[]).flatMap((level) => {
    const from = median(settled.map((each) => each[level]))
    const to = median(last.map((each) => each[level]))
    if (to <= growth * from + slack[level]) return []
    return [`${level} grew from ${from.toFixed(1)} to ${to.toFixed(1)}`]
  })
}

export function toRow({ atMs, ...levels }: Levels): string {
  const cells = Object.entries(levels).map(
    ([name, value]) => `${name} ${value.toFixed(name.endsWith('MiB') ? 1 : 0)}`,
  )
  return [`${(atMs / 60_000).toFixed(1)} min`, ...cells].join('  ')
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}
