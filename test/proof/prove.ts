import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Address, openAddress } from './address.ts'
import { chunksOf, inChunks, writers } from './chunks.ts'
import { createTeller, type Teller } from './teller.ts'
import { rewardedOf, silentOf, statementsOf, type Traffic } from './traffic.ts'
import type { WriterTask } from './writer.ts'

export interface Proof {
  readonly writingMs: number
  /** Chunks of the killed writer that it had said were kept. */
  readonly acknowledged: number
  /** Chunks that another process sent in its place. */
  readonly sentAgain: number
  readonly marksCompared: number
}

const script = fileURLToPath(new URL('writer.ts', import.meta.url))
const hourMs = 3_600_000

/** Traffic of the last hours: every window is over, every mark still kept. */
export const recentTraffic = (events: number): Traffic => ({
  events,
  seed: 20_261_122,
  startMs: Math.floor(Date.now() / hourMs) * hourMs - 3 * hourMs,
  generation: '0a1b2c3d',
})

/**
 * Lets three processes write the traffic, one of which is killed half-way and its rest sent again by a fourth, and
 * holds what the store was left with to a replay of every statement once, in order, in one process. Rejects with an
 * AssertionError where one bit differs.
 */
export async function prove(address: Address, traffic: Traffic): Promise<Proof> {
  const started = performance.now()
  const { acknowledged, sentAgain } = await writeAll(address, traffic)
  const writingMs = performance.now() - started

  await using store = await opened(address, traffic)
  await using replay = await opened({ kind: 'sqlite', path: ':memory:' }, traffic)
  for (const [chunk, statements] of inChunks([...Array(statementsOf(traffic)).keys()]).entries())
    await replay.teller.tell(statements, { gateway: 'replay', sequence: chunk + 1 })

  await compareStates(store.teller, replay.teller)
  await Promise.all([store.teller.endWindows(), replay.teller.endWindows()])
  await compareStates(store.teller, replay.teller)
  const arms = [...(await store.teller.readState()).arms.values()]
  const total = (of: 'pulls' | 'rewarded' | 'defaulted') =>
    arms.reduce((sum, { totals }) => sum + totals[of], 0)
  strictEqual(total('pulls'), rewardedOf(traffic) + silentOf(traffic))
  strictEqual(total('rewarded'), rewardedOf(traffic))
  strictEqual(total('defaulted'), silentOf(traffic))

  let marksCompared = 0
  for (let statement = 0; statement < rewardedOf(traffic); statement += 15) {
    strictEqual(await store.teller.readMark(statement), await replay.teller.readMark(statement))
    marksCompared += 1
  }
  return { writingMs, acknowledged, sentAgain, marksCompared }
}

async function opened(address: Address, traffic: Traffic) {
  const store = await openAddress(address)
  return { teller: createTeller(store, traffic), [Symbol.asyncDispose]: () => store.close() }
}

/** Versions count writes, of which there are more where something comes twice; all else is the same. */
async function compareStates(ours: Teller, theirs: Teller): Promise<void> {
  deepStrictEqual((await ours.readState()).arms, (await theirs.readState()).arms)
}

async function writeAll(
  address: Address,
  traffic: Traffic,
): Promise<{ acknowledged: number; sentAgain: number }> {
  const chunks = chunksOf(traffic, 0).length
  const others = Array.from({ length: writers - 1 }, (_, at) =>
    startWriter({ address, traffic, writer: at + 1, firstChunk: 0 }),
  )
  const victim = startWriter(
    { address, traffic, writer: 0, firstChunk: 0 },
    { killAfter: Math.floor(chunks / 2) },
  )
  strictEqual(await victim.ended, 'SIGKILL')
  const acknowledged = victim.acknowledged()
  const heir = startWriter({ address, traffic, writer: 0, firstChunk: acknowledged })
  for (const writer of [...others, heir]) strictEqual(await writer.ended, 0)
  return { acknowledged, sentAgain: heir.acknowledged() }
}

/** `ended` is the exit code, or the signal where there was one. */
function startWriter(task: WriterTask, { killAfter = Infinity } = {}) {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let acknowledged = 0
  const lines = createInterface({ input: child.stdout }).on('line', () => {
    acknowledged += 1
    if (acknowledged === killAfter) kill()
  })
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(([[code, signal]]) => {
    process.off('exit', kill)
    return (signal ?? code) as string | number
  })
  return { ended, acknowledged: () => acknowledged }
}
