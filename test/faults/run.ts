/**
 * `npm run faults`: does to real processes what goes wrong in production, and says whether the gateway kept its
 * promises. Without arguments it runs what every push runs and no test shows; `all` runs everything.
 *
 *     npm run faults -- A1 D4
 *     npm run faults -- all --write
 *
 * The table goes to standard output, with --write to `test/faults/TABLE.md` as well. Exit code 1 where a promise broke.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import pLimit from 'p-limit'
import { createBench } from './bench/bench.ts'
import type { Result, Scenario } from './bench/scenario.ts'
import { scenarios } from './scenarios.ts'
import { toTable } from './bench/table.ts'

const usualLimitMs = 120_000

/** What is used again and again. */
const common = createBench()

async function runScenario(scenario: Scenario): Promise<Result> {
  const { bench, end } = createBench(common.bench)
  const { limitMs = usualLimitMs } = scenario
  const startedAt = performance.now()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`not over after ${limitMs / 1000} s`)), limitMs)
  const outcome = await Promise.race([scenario.run(bench), late.promise]).then(
    (seen) => ({ held: true, seen }),
    (error: unknown) => ({ held: false, seen: error instanceof Error ? error.message : String(error) }),
  )
  clearTimeout(timer)
  await end()
  return { scenario, ...outcome, seconds: (performance.now() - startedAt) / 1000 }
}

function choose(ids: readonly string[]): readonly Scenario[] {
  if (ids.length === 0)
    return scenarios.filter(({ byHand, shownBy }) => byHand !== true && shownBy === undefined)
  if (ids.includes('all')) return scenarios
  const unknown = ids.filter((id) => !scenarios.some((scenario) => scenario.id === id))
  if (unknown.length > 0) {
    throw new Error(
      `there is no scenario ${unknown.join(', ')}: use some of ${scenarios.map(({ id }) => id).join(' ')}`,
    )
  }
  return scenarios.filter(({ id }) => ids.includes(id))
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
})
async function show(scenario: Scenario): Promise<Result> {
  const result = await runScenario(scenario)
  console.log(`${scenario.id}  ${scenario.does}\n    expected  ${scenario.expects}`)
  console.log(`    seen      ${result.seen}`)
  console.log(`    ${result.held ? 'held' : 'BROKEN'} in ${result.seconds.toFixed(1)} s\n`)
  return result
}

const chosen = choose(positionals)
const waiting = chosen.filter(({ waits }) => waits === true)
const beside = chosen.filter(({ waits, alone }) => waits !== true && alone !== true)
const alone = chosen.filter(({ alone: isAlone }) => isAlone === true)
const found: Result[] = []
// Those that measure time come when nothing else runs any more.
for (const [some, atOnce] of [
  [beside, 3],
  [waiting, 4],
  [alone, 1],
] as const)
  found.push(...(await pLimit(atOnce).map(some, show)))
await common.end()
const results = found.sort((a, b) => chosen.indexOf(a.scenario) - chosen.indexOf(b.scenario))
const broken = results.filter(({ held }) => !held)
console.log(
  `${results.length - broken.length} held, ${broken.length} broken${broken.length > 0 ? `: ${broken.map(({ scenario }) => scenario.id).join(' ')}` : ''}`,
)
if (values.write) {
  const command = ['npm run faults', ...(positionals.length > 0 ? ['--', ...positionals] : [])].join(' ')
  await writeFile(new URL('./TABLE.md', import.meta.url), toTable(results, { command, at: new Date() }))
}
process.exitCode = broken.length > 0 ? 1 : 0
