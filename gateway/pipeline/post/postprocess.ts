import type { Outputs } from '../../../bandit/index.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { PostStepConfig } from '../../config/pipeline/postprocess.ts'
import { fieldValues, type StepModule, type StepModules } from '../step-module.ts'
import type { Table } from '../table.ts'
import { calibrateStep } from './calibrate.ts'
import type { PostStep } from './post-step.ts'
import { keepStep, labelsStep, thresholdStep, topKStep } from './simple-steps.ts'
import { slateStep } from './slate.ts'

/** What is done to an arm's outputs before they are answered and recorded. Pure. */
export interface Postprocess {
  /** Fields that it reads. */
  readonly fields: readonly string[]
  /** Outputs that there are afterwards, whatever the model has. */
  readonly makes: ReadonlySet<string>
  /** What is answered of outputs like these; what a module makes is not among it. */
  describe(specs: readonly TensorSpec[]): readonly TensorSpec[]
  /** Before the arm is asked. @throws GatewayError missing_input, invalid_input */
  check(table: Table): void
  /** @throws OutputFault when the outputs are not what a step needs */
  run(outputs: Outputs, table: Table | undefined): Outputs
  /** What `run` does, one after the other, for who watches each. */
  readonly steps: readonly NamedStep[]
}

export interface NamedStep extends Pick<PostStep, 'run'> {
  readonly kind: PostStepConfig['kind']
}

type After = NonNullable<StepModule['after']>

export function createPostprocess(
  configs: readonly PostStepConfig[],
  modules: StepModules = new Map(),
): Postprocess {
  const steps = configs.map((config) => ({ kind: config.kind, ...compile(config, modules) }))
  return {
    fields: steps.flatMap((step) => step.fields ?? []),
    makes: new Set(steps.flatMap((step) => step.makes)),
    describe: (specs) => steps.reduce((shown, step) => step.describe(shown), specs),
    check(table) {
      for (const step of steps) step.check?.(table)
    },
    steps,
    run: (outputs, table) => steps.reduce((shown, step) => step.run(shown, table), outputs),
  }
}

function moduleStep(
  { fields, makes }: { readonly fields: readonly string[]; readonly makes: readonly string[] },
  after: After,
): PostStep {
  return {
    fields,
    makes,
    describe: (specs) => specs.filter(({ name }) => !makes.includes(name)),
    run: (outputs, table) => after(outputs, table === undefined ? {} : fieldValues(table)),
  }
}

function compile(config: PostStepConfig, modules: StepModules): PostStep {
  switch (config.kind) {
    case 'calibrate':
      return calibrateStep(config)
    case 'threshold':
      return thresholdStep(config)
    case 'labels':
      return labelsStep(config)
    case 'top_k':
      return topKStep(config)
    case 'slate':
      return slateStep(config)
    case 'module':
      return moduleStep(config, modules.get(config.file)!.after!)
    case 'keep':
      return keepStep(config.outputs)
  }
}
