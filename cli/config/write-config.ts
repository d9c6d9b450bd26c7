import { relative } from 'node:path'
import { stringify } from 'yaml'
import { mostShared } from '../../gateway/upstream/most-shared.ts'
import { describeSpec, signatureDifference } from '../../gateway/upstream/signature.ts'
import { fitOutputs } from '../../gateway/upstream/fit/fit-outputs.ts'
import type { FitInput, FitOutput, ModelFit } from '../../gateway/config/models/fit.ts'
import type { TensorSpec } from '../../model-workers/protocol/types.ts'
import { proposeFit, type Proposal } from './propose-fit.ts'
import type { FoundModel } from './read-models.ts'

interface Options {
  /** What requests ask for. */
  readonly endpoint: string
  /** Where the file will stand; paths start from it. */
  readonly folder: string
}

interface Entry extends Proposal {
  readonly model: FoundModel
}

/** A configuration in which these models compete for one endpoint, with what each takes and answers beside it. */
export function writeConfig(models: readonly FoundModel[], { endpoint, folder }: Options): string {
  const { inputs } = mostShared(models, (a, b) => signatureDifference(a.inputs, b.inputs) === undefined)!
  const entries = models.map((model): Entry => toEntry(model, inputs))
  const labels = entries.map(({ model, fit }) => labelOf(fitOutputs(fit.outputs, model.outputs).specs))
  const isLabelled = labels.every((label) => label !== undefined)
  const isMixed = new Set(labels.map((label) => label?.datatype === 'BYTES')).size > 1
  return [
    'listen: 127.0.0.1:8080',
    'store: sqlite:./var/bandit.db                # one gateway; several share redis://host:6379',
    'models:',
    ...entries.flatMap((entry) => modelLines(entry, folder)),
    'endpoints:',
    `  ${text(endpoint)}:`,
    '    arms:',
    ...models.map(({ name }) => `      ${text(name)}: { model: ${text(name)} }`),
    '    policy: { name: thompson, min_share: 0.01 }',
    ...(isMixed && isLabelled
      ? ['    # Some say their labels as text and some as numbers: give one kind "classes" (docs/models.md).']
      : []),
    isLabelled
      ? '    reward: { from: label, output: label, window: 1h }     # POST /feedback with the true label'
      : '    reward: { window: 1h }                                 # POST /feedback with a reward from 0 to 1',
    '',
  ].join('\n')
}

function toEntry(model: FoundModel, inputs: readonly TensorSpec[]): Entry {
  return { model, ...proposeFit(model, inputs) }
}

function modelLines({ model, fit, faults }: Entry, folder: string): readonly string[] {
  const { name, path, inputs, outputs, dropped } = model
  const quoted = (spec: TensorSpec) => `${JSON.stringify(spec.name)}, ${describeSpec(spec)}`
  const notes = [
    ...inputs.map((spec) => `takes ${quoted(spec)}`),
    ...outputs.map((spec) => `answers ${quoted(spec)}`),
    ...dropped.map(
      (one) => `cannot answer ${JSON.stringify(one)}, no tensor: export it with options={"zipmap": False}`,
    ),
    ...faults.map((fault) => `does not fit the others: ${fault}`),
  ]
  return [
    ...notes.map((note) => `  # ${name} ${note}`),
    `  ${text(name)}:`,
    `    onnx: ${text(pathFrom(folder, path))}`,
    ...fitLines(fit),
  ]
}

function fitLines({ inputs, outputs }: ModelFit): readonly string[] {
  if (inputs.length + outputs.length === 0) return []
  return ['    fit:', ...side('inputs', inputs, inputEntry), ...side('outputs', outputs, outputEntry)]
}

function side<T extends { readonly name: string }>(
  name: string,
  tensors: readonly T[],
  write: (tensor: T) => string,
): readonly string[] {
  if (tensors.length === 0) return []
  return [
    `      ${name}: { ${tensors.map((tensor) => `${text(tensor.name)}: ${write(tensor)}`).join(', ')} }`,
  ]
}

function inputEntry({ as, shape, datatype }: FitInput): string {
  const parts = [
    `as: ${text(as)}`,
    ...(shape ? [`shape: [${shape.join(', ')}]`] : []),
    ...(datatype ? [`datatype: ${datatype}`] : []),
  ]
  return `{ ${parts.join(', ')} }`
}

const outputEntry = ({ kind, from }: FitOutput): string =>
  `{ ${kind === 'same' ? 'as' : kind}: ${text(from)} }`

const labelOf = (specs: readonly TensorSpec[]) => specs.find(({ name }) => name === 'label')

/** In quotes where YAML would take it for something else. */
const text = (value: string): string =>
  /[{}[\],]/.test(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd()

function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path)
  return way.startsWith('..') ? way : `./${way}`
}
