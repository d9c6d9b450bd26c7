import { bytesAllowed, type MemoryLimit } from './memory-limit.ts'

export interface MeasuredWorker {
  readonly index: number
  readonly pid: number
}

/** What a worker held that was too much. */
export interface Excess {
  readonly index: number
  readonly pid: number
  readonly residentBytes: number
  readonly allowedBytes: number
}

export interface MemoryWatchDeps {
  readonly limit: MemoryLimit
  /** Those of the model that are ready. */
  readonly workers: () => readonly MeasuredWorker[]
  /** Undefined where nobody tells. */
  readonly residentMemory: (pid: number) => Promise<number | undefined>
  /** Puts another in its place; never rejects. False where it could not. */
  readonly recycle: (excess: Excess) => Promise<boolean>
  /** A worker that has just loaded its model is beyond its limit: another one would be, too. */
  readonly hopeless: (excess: Excess) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Looks in a row: a great batch may take more for a moment than it leaves behind. */
const looksBeyond = 2
/** Between two workers of a model: where all grow at once, it is to go on serving with the others. */
const pauseMs = 10_000
/** After one that nothing could be put in the place of: what is on the disk may not be what it runs. */
const afterFailureMs = 60_000

/**
 * Looks at the memory of a model's workers, and has those replaced, one after another, that hold more than their limit.
 * ONNX Runtime gives back nothing that a great batch has once taken, and native code leaks where nobody can see it.
 */
export function watchMemory(deps: MemoryWatchDeps): () => Promise<void> {
  const { limit, workers, residentMemory, recycle, hopeless, now } = deps
  const known = new Map<number, { readonly warmed: number; beyond: number }>()
  const told = new Set<number>()
  let restsUntil = -Infinity

  async function measure({ index, pid }: MeasuredWorker): Promise<Excess | undefined> {
    const residentBytes = await residentMemory(pid)
    if (residentBytes === undefined) return undefined
    let worker = known.get(pid)
    if (worker === undefined) known.set(pid, (worker = { warmed: residentBytes, beyond: 0 }))
    const allowedBytes = bytesAllowed(limit, worker.warmed)
    const excess = { index, pid, residentBytes, allowedBytes }
    if (worker.warmed > allowedBytes) {
      if (!told.has(pid)) hopeless(excess)
      told.add(pid)
      return undefined
    }
    worker.beyond = residentBytes > allowedBytes ? worker.beyond + 1 : 0
    return worker.beyond >= looksBeyond ? excess : undefined
  }

  function forget(pids: ReadonlySet<number>): void {
    for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid)
    for (const pid of told) if (!pids.has(pid)) told.delete(pid)
  }

  return async function look() {
    const all = workers()
    forget(new Set(all.map(({ pid }) => pid)))
    const measured = await Promise.all(all.map(measure))
    const worst = measured
      .filter((excess) => excess !== undefined)
      .toSorted((a, b) => b.residentBytes - a.residentBytes)[0]
    if (worst === undefined || now() < restsUntil) return
    const isReplaced = await recycle(worst)
    restsUntil = now() + (isReplaced ? pauseMs : afterFailureMs)
  }
}
