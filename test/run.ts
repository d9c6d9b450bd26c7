/**
 * `npm test`: every suite, on a machine that has nothing but Node and npm. Arguments go to vitest:
 *
 *     npm test -- --project unit bandit/policies
 *
 * Suites that need Redis take REDIS_URL, else a server found on PATH, else one fetched into `.cache/`. Where none
 * can be had they are skipped and it is said; with CI=true they count as failed. The last line is
 * `N passed, N failed`, and `, N skipped` where something was.
 */
import { parseCLI, startVitest } from 'vitest/node'
import { countTests } from './support/count-tests.ts'
import { fetchRedis } from './support/fetch-redis.ts'
import { findRedis } from './support/find-redis.ts'
import { type Summary, noTests, summarize, toLine } from './support/summary.ts'

type Options = ReturnType<typeof parseCLI>['options']

const redisProjects = ['redis', 'e2e']

const runTests = async (args: string[]): Promise<Summary> => {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const projects = [options.project ?? ['unit', ...redisProjects]].flat()
  const needRedis = projects.filter((project) => redisProjects.includes(project))
  const reason = needRedis.length > 0 ? await whyNoRedis() : undefined
  if (reason === undefined) return runProjects(filter, { ...options, project: projects })

  const left = await countTests(filter, { ...options, project: needRedis })
  const remaining = projects.filter((project) => !needRedis.includes(project))
  const run = await runProjects(filter, { ...options, project: remaining, passWithNoTests: true })
  if (process.env.CI === 'true') {
    console.log(`cannot run ${needRedis.join(' and ')}: ${reason}`)
    return { ...run, failed: run.failed + left }
  }
  console.log(`skipped ${needRedis.join(' and ')}: ${reason}; put redis-server on PATH or set REDIS_URL`)
  return { ...run, skipped: run.skipped + left }
}

const whyNoRedis = async (): Promise<string | undefined> => {
  if (process.env.REDIS_URL || (await findRedis())) return undefined
  return fetchRedis().then(
    () => undefined,
    (error: Error) =>
      `no Redis server, and none could be fetched (${error.message.trim().replace(/\s+/g, ' ')})`,
  )
}

const runProjects = async (filter: string[], options: Options): Promise<Summary> => {
  if (options.project?.length === 0) return noTests
  const vitest = await startVitest(filter, { ...options, watch: false })
  return summarize(vitest.state.getTestModules(), vitest.state.getUnhandledErrors())
}

const summary = await runTests(process.argv.slice(2))
if (summary.failed > 0) process.exitCode = 1
console.log(toLine(summary))
