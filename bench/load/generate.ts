import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { assertAllAnswered, type LoadJob, type LoadResult } from './job.ts'

const generator = fileURLToPath(new URL('generator.ts', import.meta.url))

/** Does the job with our own generator. Rejects when a request was not answered with 2xx. */
export const generate = async (job: LoadJob): Promise<LoadResult> => {
  const child = fork(generator, { execArgv: [], serialization: 'advanced' })
  const ended = once(child, 'exit')
  child.send(job)
  const [result] = (await Promise.race([once(child, 'message'), ended.then(died)])) as [LoadResult]
  await ended
  assertAllAnswered(job, result)
  return result
}

const died = ([code]: readonly unknown[]): never => {
  throw new Error(`the load generator ended with ${String(code)}`)
}
