import { createHistogram } from 'node:perf_hooks'
import { Pool } from 'undici'
import type { LoadJob, LoadResult } from './job.ts'

/** A process of its own, so that making the load does not slow down what is measured. One job, one answer. */
const generate = async (job: LoadJob): Promise<LoadResult> => {
  const pool = new Pool(job.origin, { connections: job.connections })
  const headers = { 'content-type': job.contentType }
  const latency = createHistogram()
  const failures = new Map<string, number>()
  const collected: string[] = []
  let sent = 0

  const send = async (body: string): Promise<void> => {
    const startedAt = performance.now()
    const { statusCode, body: answer } = await pool.request({ method: 'POST', path: job.path, headers, body })
    const text = await answer.text()
    latency.record(Math.max(1, Math.round((performance.now() - startedAt) * 1e6)))
    if (statusCode >= 300) fail(String(statusCode))
    else if (job.collect !== undefined) collected.push(String(JSON.parse(text)[job.collect]))
  }
  const fail = (fault: string) => failures.set(fault, (failures.get(fault) ?? 0) + 1)

  const startedAt = performance.now()
  const endAt = startedAt + (job.seconds ?? Infinity) * 1e3
  const wanted = job.seconds === undefined ? job.bodies.length : Infinity
  const loop = async (): Promise<void> => {
    while (sent < wanted && performance.now() < endAt) {
      const body = job.bodies[sent++ % job.bodies.length]!
      await send(body).catch((error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
    }
  }
  await Promise.all(Array.from({ length: job.connections }, loop))
  const seconds = (performance.now() - startedAt) / 1e3
  await pool.close()
  return {
    requests: sent,
    seconds,
    p50Us: latency.percentile(50) / 1e3,
    p99Us: latency.percentile(99) / 1e3,
    failures: Object.fromEntries(failures),
    collected,
  }
}

process.once('message', (job: LoadJob) => {
  void generate(job).then((result) => {
    process.send!(result, () => process.disconnect!())
  })
})
