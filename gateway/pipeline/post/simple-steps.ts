import type { LabelsConfig, ThresholdConfig, TopKConfig } from '../../config/pipeline/postprocess.ts'
import { withSpecs, type PostStep } from './post-step.ts'
import { numbersOf, OutputFault, rowsOf, scoresOf } from './outputs.ts'

/** 1 from the threshold on, 0 below it. */
export function thresholdStep({ output, column, at, to }: ThresholdConfig): PostStep {
  return {
    makes: [to],
    describe: (specs) => withSpecs(specs, [{ name: to, datatype: 'INT64', shape: [-1] }]),
    run: (outputs) => ({
      ...outputs,
      [to]: scoresOf(outputs, output, column).map((score) => Number(score >= at)),
    }),
  }
}

/** What the model says, in the words of whoever asks. */
export function labelsStep({ output, to, names }: LabelsConfig): PostStep {
  const toName = (label: unknown): unknown => {
    if (Array.isArray(label)) return label.map(toName)
    const name = names.get(String(label))
    if (name === undefined)
      throw new OutputFault(`output "${output}" said ${String(label)}, which has no name`)
    return name
  }
  return {
    makes: [to],
    describe(specs) {
      const { shape = [-1] } = specs.find(({ name }) => name === output) ?? {}
      return withSpecs(specs, [{ name: to, datatype: 'BYTES', shape }])
    },
    run: (outputs) => ({ ...outputs, [to]: rowsOf(outputs, output).map(toName) }),
  }
}

/** The columns of the greatest values in each row, the first of equals first. */
export function topKStep({ output, k, to, names }: TopKConfig): PostStep {
  return {
    makes: [to, `${to}_scores`],
    describe: (specs) =>
      withSpecs(specs, [
        { name: to, datatype: names === undefined ? 'INT64' : 'BYTES', shape: [-1, -1] },
        { name: `${to}_scores`, datatype: 'FP64', shape: [-1, -1] },
      ]),
    run(outputs) {
      const rows = rowsOf(outputs, output).map((row) => numbersOf(row, output))
      const best = rows.map((scores) =>
        [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, k),
      )
      const odd = rows.find((scores) => names !== undefined && scores.length !== names.length)
      if (odd !== undefined) {
        throw new OutputFault(
          `output "${output}" has ${odd.length} columns, and ${names!.length} have a name`,
        )
      }
      return {
        ...outputs,
        [to]: best.map((columns) => columns.map((column) => names?.[column] ?? column)),
        [`${to}_scores`]: best.map((columns, row) => columns.map((column) => rows[row]![column]!)),
      }
    },
  }
}

export function keepStep(names: readonly string[]): PostStep {
  return {
    makes: [],
    describe: (specs) => specs.filter(({ name }) => names.includes(name)),
    run: (outputs) => Object.fromEntries(names.map((name) => [name, rowsOf(outputs, name)])),
  }
}
