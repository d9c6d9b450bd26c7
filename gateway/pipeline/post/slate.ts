import type { SlateConfig } from '../../config/pipeline/postprocess.ts'
import { GatewayError } from '../../errors.ts'
import { toNumbers, toTexts, type Column } from '../column.ts'
import { pointerTo, type Table } from '../table.ts'
import { buildSlate, type Candidate } from './build-slate.ts'
import { OutputFault, scoresOf } from './outputs.ts'
import { withSpecs, type PostStep } from './post-step.ts'

/** The rows are candidates: which of them are shown, in which order, by score and by the rules. */
export function slateStep(config: SlateConfig): PostStep {
  const { score, column, item, to, freshness, diversity, cap, exposure } = config
  const traits = diversity?.by ?? []
  const rules = {
    k: config.k,
    lambda: diversity?.lambda ?? 1,
    most: cap?.most ?? Infinity,
    least: exposure?.least ?? new Map<string, number>(),
  }
  const read = [item, freshness?.age, cap?.by, exposure?.by, ...traits].filter((name) => name !== undefined)
  return {
    makes: [to, `${to}_scores`],
    describe: (specs) =>
      withSpecs(specs, [
        { name: to, datatype: 'BYTES', shape: [-1] },
        { name: `${to}_scores`, datatype: 'FP64', shape: [-1] },
      ]),
    fields: read,
    check(table) {
      demandItems(table, item)
      if (freshness !== undefined) agesOf(table, freshness.age)
    },
    run(outputs, table) {
      if (table === undefined) throw new OutputFault(`there is no field "${item}" to name candidates by`)
      const given = scoresOf(outputs, score, column)
      if (given.length !== table.rows) {
        throw new OutputFault(`output "${score}" has ${given.length} rows for ${table.rows} candidates`)
      }
      const ages = freshness && agesOf(table, freshness.age)
      const scores = given.map(
        (each, row) => each * (ages === undefined ? 1 : decay(ages[row]!, freshness!.halfLife)),
      )
      const traitsOf = traits.map((name) => groupsOf(table, name))
      const capGroups = groupsOf(table, cap?.by)
      const exposureGroups = groupsOf(table, exposure?.by)
      const candidates = scores.map((value, row): Candidate => ({
        score: value,
        capGroup: capGroups?.[row],
        exposureGroup: exposureGroups?.[row],
        traits: traitsOf.map((groups) => groups?.[row]),
      }))
      const slate = buildSlate(candidates, rules)
      const items = table.fields.get(item)!.values
      return {
        ...outputs,
        [to]: slate.map((row) => items[row]),
        [`${to}_scores`]: slate.map((row) => scores[row]),
      }
    },
  }
}

/** What has no known age, or one to come, is new. */
function decay(age: number, halfLife: number): number {
  return age > 0 ? 2 ** (-age / halfLife) : 1
}

function demandItems({ fields }: Table, item: string): void {
  const field = fields.get(item)
  if (field === undefined) {
    throw new GatewayError('missing_input', `input "${item}" is missing: add the candidates`, {
      pointer: '/inputs',
    })
  }
  const nameless = field.values.indexOf(null)
  if (nameless < 0) return
  throw new GatewayError('invalid_input', `"${item}": a candidate needs a name`, {
    pointer: pointerTo(item, field.single ? undefined : nameless),
  })
}

/** @throws GatewayError invalid_input */
function agesOf(table: Table, name: string): Float64Array {
  return toNumbers(columnOf(table, name), table.fields.get(name))
}

function groupsOf(table: Table, name: string | undefined): readonly (string | undefined)[] | undefined {
  return name === undefined ? undefined : toTexts(columnOf(table, name))
}

function columnOf({ rows, fields }: Table, name: string): Column {
  const values = fields.get(name)?.values ?? Array.from({ length: rows }, () => null)
  return { name, kind: 'raw', values }
}
