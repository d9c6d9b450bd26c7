import type { LogBase, PerColumn } from '../../config/pipeline/pipeline.ts'
import { expected, toNumbers, type Column, type Heading } from '../column.ts'
import { demandNumbers, forEach, StepFault, type Step } from '../step.ts'

type NumberColumn = Column & { readonly kind: 'number' }

/** Each number of a column becomes another one; what is missing stays so. */
function eachNumber(
  headings: readonly Heading[],
  name: string,
  functions: readonly ((value: number) => number)[],
): Step {
  demandNumbers(headings, name)
  return {
    headings: headings.map((heading) => ({ name: heading.name, kind: 'number' })),
    takesMissing: false,
    run: (columns, fields) =>
      columns.map((column, at): NumberColumn => {
        const values = toNumbers(column, fields.get(column.name)).map(functions[at]!)
        return { name: column.name, kind: 'number', values }
      }),
  }
}

export function clipStep(headings: readonly Heading[], { low, high }: { low: number; high: number }): Step {
  if (low > high) throw new StepFault('clip: expected the least value first, and a greater one after it')
  const clip = (value: number) => Math.min(high, Math.max(low, value))
  return eachNumber(
    headings,
    'clip',
    headings.map(() => clip),
  )
}

/** (x − centre) ∕ spread, the StandardScaler and MinMaxScaler of scikit-learn. */
export function scaleStep(
  headings: readonly Heading[],
  settings: { readonly centre: PerColumn; readonly spread: PerColumn },
): Step {
  const centres = forEach(settings.centre, headings, 'scale: the centre')
  const spreads = forEach(settings.spread, headings, 'scale: the spread')
  const bad = spreads.findIndex((spread) => !(spread > 0))
  if (bad >= 0) throw new StepFault(`scale: the spread of ${headings[bad]!.name} has to be more than 0`)
  return eachNumber(
    headings,
    'scale',
    headings.map((_, at) => {
      const centre = centres[at]!
      const spread = spreads[at]!
      return (value) => (value - centre) / spread
    }),
  )
}

/** Values that have no logarithm are refused. */
export function logStep(headings: readonly Heading[], base: LogBase): Step {
  const least = base === 'log1p' ? -1 : 0
  const log = logarithms[base]
  const step = eachNumber(
    headings,
    'log',
    headings.map(() => log),
  )
  return {
    ...step,
    run: (columns, fields) =>
      step.run(
        columns.map((column): NumberColumn => {
          const field = fields.get(column.name)
          const values = toNumbers(column, field)
          const bad = values.findIndex((value) => value <= least)
          if (bad >= 0)
            throw expected(`more than ${least} for its logarithm`, column.name, bad, field, values[bad])
          return { name: column.name, kind: 'number', values }
        }),
        fields,
      ),
  }
}

const logarithms = {
  ln: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
} as const satisfies Record<LogBase, (value: number) => number>

export function keepMissingStep(headings: readonly Heading[]): Step {
  return {
    ...eachNumber(
      headings,
      'keep_missing',
      headings.map(() => (value) => value),
    ),
    takesMissing: true,
  }
}
