import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureContextualDecisions } from './contextual-decisions.ts'
import { measureDecisions } from './decisions.ts'
import { type FeedbackFigures, measureFeedback } from './feedback.ts'
import { generate } from './load/generate.ts'
import { runWrk, wrkVersion } from './load/wrk.ts'
import { describeMachine } from './machine.ts'
import { chooseModels, readImages, type TimedModel, timeModels } from './models.ts'
import { measurePredictions, type PredictionFigures } from './predictions.ts'
import { toReport } from './report.ts'
import { startContenders } from './servers/contenders.ts'
import { findRedis } from './servers/redis.ts'

export interface BenchOptions {
  readonly rounds: number
  /** Of each server in each round. */
  readonly seconds: number
  /** A Redis server to use; absent = the redis-server on PATH, started for the benchmark. */
  readonly redis?: string
  /** Puts the report into RESULTS.md too. */
  readonly write: boolean
}

const connections = [1, 16, 64]
const modelNames = ['logistic', 'tree', 'forest', 'boosting']
const images = await readImages(16)

/** Measures everything and prints the report; how far it has come goes to standard error. */
export const runBench = async (options: BenchOptions): Promise<void> => {
  const { rounds, seconds } = options
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-bench-'))
  await using stack = new AsyncDisposableStack()
  const folder = dir.path
  const redisUrl = await findRedis(options.redis, folder, stack)
  const wrk = await wrkVersion()

  say('decisions')
  const decisions = [await measureDecisions(10), await measureDecisions(100)]
  const contextual = [await measureContextualDecisions(10, 32)]
  say('calls of the models')
  const models = await timeModels(modelNames)

  const measure = async (model: TimedModel): Promise<readonly PredictionFigures[]> => {
    say(`predictions, ${model.name}`)
    await using servers = new AsyncDisposableStack()
    const contenders = await startContenders({ file: model.file, images, redisUrl, folder }, servers)
    const load = wrk === undefined ? generate : runWrk
    // Awaited here: the servers must outlive it.
    return await measurePredictions(contenders, { connections, rounds, seconds, load })
  }
  const chosen = chooseModels(models)
  const predictions: { model: TimedModel; figures: readonly PredictionFigures[] }[] = []
  for (const model of chosen) predictions.push({ model, figures: await measure(model) })

  say('feedback')
  const feedback: FeedbackFigures[] = []
  const sending = { file: chosen[0]!.file, image: images[0]!, folder, rounds, seconds }
  feedback.push(await measureFeedback({ ...sending, store: 'SQLite' }))
  if (redisUrl) feedback.push(await measureFeedback({ ...sending, store: 'Redis', redisUrl }))

  const report = toReport({
    date: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(redisUrl),
    load: wrk ?? 'our own generator (bench/load), for wrk is not on PATH',
    rounds,
    seconds,
    models,
    predictions,
    feedback,
    decisions,
    contextual,
    left: redisUrl ? [] : ['anything with Redis, for redis-server is not on PATH and none was given'],
  })
  console.log(report)
  if (options.write) await writeFile(new URL('RESULTS.md', import.meta.url), report)
}

const say = (what: string): void => console.error(`measuring ${what} …`)
