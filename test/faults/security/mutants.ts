import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { loopModel, stackModel } from '../../fixtures/onnx-models.ts'
import { modelPath } from '../../support/digits.ts'
import type { Bench } from '../bench/bench.ts'
import { countBy } from '../bench/load.ts'
import { demand, type Scenario } from '../bench/scenario.ts'
import type { MutantOutcome } from './load-mutants.ts'

const loader = fileURLToPath(new URL('load-mutants.ts', import.meta.url))
const mutants = 100_000
const longestMs = 10_000

/** Loads from one number on until the process ends; what it was at then, and why, where it did not come through. */
async function loadFrom(
  bench: Bench,
  from: number,
  told: (outcome: MutantOutcome) => void,
): Promise<string | undefined> {
  const paths = [
    modelPath('logistic'),
    modelPath('network'),
    await bench.file('loop.onnx', loopModel()),
    await bench.file('stack.onnx', stackModel(3)),
  ]
  const child = fork(loader, [await bench.dir(), String(from), String(mutants), ...paths], { silent: true })
  bench.atEnd(() => child.kill('SIGKILL'))
  const isLate = () => child.kill('SIGKILL')
  let timer = setTimeout(isLate, longestMs)
  child.on('message', (outcome: MutantOutcome) => {
    clearTimeout(timer)
    timer = setTimeout(isLate, longestMs)
    told(outcome)
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  return code === 0 ? undefined : (signal ?? `code ${code}`)
}

const mutated: Scenario = {
  id: 'G7b',
  does: `loads ${mutants} models of which bytes were changed, cut out, doubled or cut off, in processes like those of workers`,
  expects: 'nearly all are errors; a process may die of one or hang, and is the only one that does',
  byHand: true,
  limitMs: 600_000,
  async run(bench) {
    const outcomes: string[] = []
    for (let reason: string | undefined = ''; reason !== undefined;) {
      // One outcome each, and a number whose process has ended is one.
      reason = await loadFrom(bench, outcomes.length, ({ outcome }) => {
        if (outcome !== 'begun') outcomes.push(outcome)
      })
      if (reason !== undefined) outcomes.push(`process ended by ${reason}`)
    }
    demand(outcomes.length === mutants, `only ${outcomes.length} were tried`)
    const ended = outcomes.filter((outcome) => outcome.startsWith('process ended')).length
    demand(ended < mutants / 100, `${ended} processes ended`)
    return countBy(outcomes, (outcome) => outcome)
  },
}

export const mutantScenarios: readonly Scenario[] = [mutated]
