import { execFile } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { assertAllAnswered, type LoadJob, type LoadResult } from './job.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

interface WrkReport {
  readonly requests: number
  readonly durationUs: number
  readonly p50Us: number
  readonly p99Us: number
  readonly refused: number
  readonly broken: number
}

/** Version of the wrk on PATH, or undefined. */
export const wrkVersion = async (): Promise<string | undefined> => {
  // It prints its version, and then ends with 1 all the same.
  const { stdout } = await run('wrk', ['-v']).catch((error: { stdout?: string }) => error)
  return /^wrk \S+/.exec(stdout ?? '')?.[0]
}

/** Does a timed job with wrk on one thread, in whole seconds. Rejects when a request was not answered with 2xx. */
export const runWrk = async (job: LoadJob & { readonly seconds: number }): Promise<LoadResult> => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-bench-'))
  const bodies = join(dir.path, 'bodies')
  await writeFile(bodies, job.bodies.map((body) => `${body}\n`).join(''))
  const load = ['-t1', `-c${job.connections}`, `-d${Math.ceil(job.seconds)}s`, '-s', script]
  const { stdout } = await run('wrk', [...load, job.origin + job.path, '--', job.contentType, bodies])
  const report = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as WrkReport
  const { requests, durationUs, p50Us, p99Us, refused, broken } = report
  const result = {
    requests,
    seconds: durationUs / 1e6,
    p50Us,
    p99Us,
    failures: {
      ...(refused > 0 && { 'status other than 2xx': refused }),
      ...(broken > 0 && { 'broken connection': broken }),
    },
    collected: [],
  }
  assertAllAnswered(job, result)
  return result
}
