import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { generate } from './load/generate.ts'
import { median } from './median.ts'
import { startGateway } from './servers/start.ts'

export interface FeedbackFigures {
  readonly store: 'Redis' | 'SQLite'
  /** One feedback a request. */
  readonly singlePerSecond: number
  /** Lines of NDJSON requests. */
  readonly linesPerSecond: number
}

export interface FeedbackOptions {
  readonly store: FeedbackFigures['store']
  /** Path of the ONNX file. */
  readonly file: string
  readonly image: readonly number[]
  readonly redisUrl?: string
  readonly folder: string
  readonly rounds: number
  readonly seconds: number
}

const connections = 64
const batchConnections = 4
const linesPerBatch = 500
/** How much is sent for each of the seconds asked for; about what the design wants done in one. */
const singlesASecond = 5_000
const linesASecond = 20_000

/** First rewards of fresh predictions, all through one gateway with the signed ledger. */
export const measureFeedback = async (options: FeedbackOptions): Promise<FeedbackFigures> => {
  await using stack = new AsyncDisposableStack()
  const { store, file, redisUrl, folder, rounds, seconds } = options
  const endpoint = `bench-${randomUUID().slice(0, 8)}`
  const origin = await startGateway(
    { file, ledger: 'signed', endpoint, folder, ...(redisUrl && { redisUrl }) },
    stack,
  )
  const body = JSON.stringify({ inputs: { pixels: [options.image] } })

  /** One line of feedback for each of so many new predictions. */
  const predict = async (count: number): Promise<readonly string[]> => {
    const { collected } = await generate({
      origin,
      path: `/predict/${endpoint}`,
      contentType: 'application/json',
      connections,
      bodies: Array.from({ length: count }, () => body),
      collect: 'prediction_id',
    })
    return collected.map((id, index) => JSON.stringify({ prediction_id: id, reward: index % 2 }))
  }
  const send = async (bodies: readonly string[], contentType: string, at: number): Promise<number> =>
    (await generate({ origin, path: '/feedback', contentType, connections: at, bodies })).seconds

  const [singleCount, lineCount] = [Math.ceil(singlesASecond * seconds), Math.ceil(linesASecond * seconds)]
  const single: number[] = []
  const batched: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const singles = await predict(singleCount)
    single.push(singles.length / (await send(singles, 'application/json', connections)))
    const lines = await predict(lineCount)
    batched.push(lines.length / (await send(toBatches(lines), 'application/x-ndjson', batchConnections)))
  }
  await assertLearned(`${origin}/endpoints/${endpoint}`, rounds * (singleCount + lineCount))
  return { store, singlePerSecond: median(single), linesPerSecond: median(batched) }
}

const toBatches = (lines: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(lines.length / linesPerBatch) }, (_, at) =>
    lines.slice(at * linesPerBatch, (at + 1) * linesPerBatch).join('\n'),
  )

/** What was answered quickly must also have been learned, every bit of it. */
const assertLearned = async (url: string, expected: number): Promise<void> => {
  let rewarded = 0
  const giveUpAt = performance.now() + 10_000
  while (rewarded !== expected) {
    if (performance.now() > giveUpAt)
      throw new Error(`of ${expected} rewards the gateway learned ${rewarded}`)
    await sleep(100)
    const { body } = await request(url)
    const { arms } = (await body.json()) as { arms: readonly { rewarded: number }[] }
    rewarded = arms.reduce((sum, arm) => sum + arm.rewarded, 0)
  }
}
