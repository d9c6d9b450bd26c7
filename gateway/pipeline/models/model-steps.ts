import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { ModelStepConfig } from '../../config/pipeline/pipeline.ts'
import type { Caller } from '../../upstream/arm.ts'
import { systemClock, type Clock } from '../../upstream/calls/clock.ts'
import { UpstreamError } from '../../upstream/errors.ts'
import type { ModelUpstream } from '../../upstream/model-upstream.ts'
import { outsideOf, type Stage } from './chain.ts'

/** Models that make other tensors of those of a request, one after the other, before an arm is asked. */
export interface ModelSteps {
  /** False while one of them has no replica that can be asked. */
  available(): boolean
  /**
   * What requests have to bring for arms with these inputs, undefined until every model has said what it takes, or in
   * words why the models and the arms do not fit together.
   */
  outside(last: readonly TensorSpec[]): readonly TensorSpec[] | string | undefined
  /**
   * From what requests bring to the inputs of the arms, in their order.
   *
   * @throws UpstreamError of the model that had no answer by then
   */
  run(
    tensors: readonly Tensor[],
    last: readonly TensorSpec[],
    deadlineAt: number,
    caller?: Caller,
  ): Promise<readonly Tensor[]>
}

export interface ModelStep {
  readonly config: ModelStepConfig
  readonly upstream: Pick<ModelUpstream, 'name' | 'metadata' | 'available' | 'infer'>
  /** How long the model has, within the deadline of the request; Infinity = as long as that. */
  readonly deadlineMs: number
}

export function createModelSteps(
  steps: readonly ModelStep[],
  clock: Pick<Clock, 'now'> = systemClock,
): ModelSteps {
  async function run(
    tensors: readonly Tensor[],
    last: readonly TensorSpec[],
    deadlineAt: number,
    caller?: Caller,
  ): Promise<readonly Tensor[]> {
    const newest = new Map(tensors.map((tensor) => [tensor.name, tensor]))
    let maker = steps[0]!.upstream.name
    for (const { config, upstream, deadlineMs } of steps) {
      const specs = upstream.metadata()!.inputs
      const inputs = specs.map(({ name }) => ({ ...newest.get(nameHere(config.inputs, name))!, name }))
      checkRows(inputs, specs, maker)
      maker = upstream.name
      const until = Math.min(deadlineAt, clock.now() + deadlineMs)
      for (const output of await upstream.infer(inputs, until, caller)) {
        const name = nameOfOutput(config, output.name)
        if (name !== undefined) newest.set(name, { ...output, name })
      }
    }
    const inputs = last.map(({ name }) => newest.get(name)!)
    checkRows(inputs, last, maker)
    return inputs
  }

  return {
    available: () => steps.every(({ upstream }) => upstream.available()),
    outside(last) {
      const stages: Stage[] = []
      for (const step of steps) {
        const stage = toStage(step)
        if (stage === undefined || typeof stage === 'string') return stage
        stages.push(stage)
      }
      return outsideOf(stages, last)
    },
    run,
  }
}

function toStage({ config, upstream }: ModelStep): Stage | string | undefined {
  const metadata = upstream.metadata()
  if (metadata === undefined) return undefined
  const model = upstream.name
  for (const side of ['inputs', 'outputs'] as const) {
    const names = metadata[side].map(({ name }) => name)
    const strange = Object.keys(config[side] ?? {}).find((name) => !names.includes(name))
    if (strange !== undefined)
      return `${model} has no "${strange}" among its ${side}, which are ${names.join(', ')}`
  }
  return {
    model,
    inputs: metadata.inputs.map((spec) => ({ ...spec, name: nameHere(config.inputs, spec.name) })),
    outputs: metadata.outputs.flatMap((spec) => {
      const name = nameOfOutput(config, spec.name)
      return name === undefined ? [] : [{ ...spec, name }]
    }),
  }
}

function nameHere(names: ModelStepConfig['inputs'], own: string): string {
  return names !== undefined && Object.hasOwn(names, own) ? names[own]! : own
}

/** Where outputs are named, the others are left. */
function nameOfOutput({ outputs }: ModelStepConfig, own: string): string | undefined {
  if (outputs === undefined) return own
  return Object.hasOwn(outputs, own) ? outputs[own] : undefined
}

/** Requests are joined and split by rows; what came from outside has been seen to agree. */
function checkRows(tensors: readonly Tensor[], specs: readonly TensorSpec[], maker: string): void {
  const byRows = tensors.filter((_, at) => specs[at]!.shape[0] === -1)
  const rows = byRows[0]?.shape[0]
  const other = byRows.find(({ shape }) => shape[0] !== rows)
  if (other === undefined) return
  const words = `${maker}: "${other.name}" has ${other.shape[0]} rows by now where others have ${rows}`
  throw new UpstreamError('bad_output', maker, words)
}
