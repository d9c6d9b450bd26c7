import type { Logger } from 'pino'
import type { Decision, Ledger, OtherLabels } from '../../bandit/index.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { ShadowConfig } from '../config/shadows/shadows.ts'
import type { After } from '../pipeline/pipeline.ts'
import type { Table } from '../pipeline/table.ts'
import { labelsIn, labelsOfModels } from '../predict/other-labels.ts'
import type { ShadowMetrics, ShadowOutcome } from '../telemetry/metrics/shadow-metrics.ts'
import type { Arm, ArmAnswer, MemberOutputs } from '../upstream/arm.ts'
import { UpstreamError } from '../upstream/errors.ts'
import { agreement } from './agreement.ts'

/** A prediction whose answer is on its way to the client. */
export interface Answered {
  readonly decision: Pick<Decision, 'key'>
  readonly inputs: readonly Tensor[]
  /** What they were made of, where that were fields. */
  readonly table?: Table | undefined
  /** As the arm gave them. */
  readonly tensors: readonly Tensor[]
  /** What answered it, under the names by which it is observed, that of the arm first. */
  readonly ran: ReadonlySet<string>
  /** What members say that were not waited for, see `ArmAnswer`. */
  readonly later?: Promise<readonly MemberOutputs[]> | undefined
  /** Told of what was predicted by the arm and beside it, once the last of it is there. */
  readonly told?: ((labels: OtherLabels) => void) | undefined
}

export interface Shadows {
  /** Copies a share of the predictions to each shadow, once the answer is out of the way. Never waits, never throws. */
  offer(answered: Answered): void
  view(): readonly ShadowView[]
}

export interface ShadowView {
  readonly name: string
  readonly share: number
  /** Copies that were compared with the answer by this gateway since its start, and of them those that said the same. */
  readonly compared: number
  readonly agreed: number
}

export interface Shadow extends ShadowConfig {
  readonly arm: Pick<Arm, 'available' | 'infer'>
  /** Name under which it is observed. */
  readonly subject: string
}

export interface ShadowsDeps {
  readonly endpoint: string
  readonly shadows: readonly Shadow[]
  /** Output that a true label is compared with; undefined where shadows are not scored. */
  readonly labelOutput: string | undefined
  /** What finishes outputs before they are answered. */
  readonly after?: After | undefined
  readonly ledger: Pick<Ledger, 'recordShadows'>
  readonly metrics: ShadowMetrics
  readonly logger: Pick<Logger, 'debug'>
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** performance.now() */
  readonly monotonic: () => number
  /** Whether shadows are left out, as the gateway has too much to do; absent = never. */
  readonly isFrugal?: (() => boolean) | undefined
}

interface Tally {
  inFlight: number
  compared: number
  agreed: number
}

/**
 * The shadows of one endpoint, and members of ensembles that others outran. They are no arms: nothing that becomes of a
 * copy is a fault, a pull or a reward.
 */
export function createShadows(deps: ShadowsDeps): Shadows {
  const { endpoint, shadows, labelOutput, after, ledger, metrics, logger, random, monotonic, isFrugal } = deps
  const tallies = new Map(shadows.map(({ name }) => [name, { inFlight: 0, compared: 0, agreed: 0 }]))
  const tallyOf = ({ name }: Shadow): Tally => tallies.get(name)!

  function mayRun(shadow: Shadow, ran: ReadonlySet<string>): boolean {
    // What has answered already would say the same again.
    if (ran.has(shadow.subject) || random() >= shadow.share) return false
    const reason = reasonToLeaveOut(shadow)
    if (reason !== undefined) metrics.ended(endpoint, shadow.name, reason)
    return reason === undefined
  }

  function reasonToLeaveOut(shadow: Shadow): ShadowOutcome | undefined {
    if (isFrugal?.() === true) return 'spared'
    if (tallyOf(shadow).inFlight >= shadow.concurrency) return 'dropped'
    return shadow.arm.available() ? undefined : 'unavailable'
  }

  async function run(shadow: Shadow, { inputs, tensors, table }: Answered): Promise<OtherLabels> {
    const tally = tallyOf(shadow)
    const askedAt = monotonic()
    try {
      const answer = await shadow.arm.infer(inputs, askedAt + shadow.deadlineMs)
      metrics.ended(endpoint, shadow.name, 'answered', (monotonic() - askedAt) / 1000)
      const agrees = agreement(tensors, answer.outputs, shadow)
      if (agrees !== undefined) {
        tally.compared += 1
        if (agrees) tally.agreed += 1
        metrics.compared(endpoint, shadow.name, agrees)
      }
      return labelsOf(shadow, answer, table)
    } catch (error) {
      const isLate = error instanceof UpstreamError && error.code === 'timeout'
      metrics.ended(endpoint, shadow.name, isLate ? 'late' : 'failed')
      logger.debug({ endpoint, shadow: shadow.name, err: error }, 'a shadow gave no answer')
      return {}
    } finally {
      tally.inFlight -= 1
    }
  }

  function labelsOf({ subject }: Shadow, { outputs, said = [] }: ArmAnswer, table?: Table): OtherLabels {
    if (labelOutput === undefined) return {}
    const path = { output: labelOutput, after, table }
    const own = labelsIn(outputs, path)
    return { ...labelsOfModels(said, path), ...(own !== undefined && { [subject]: own }) }
  }

  async function outrun({ later, table }: Answered): Promise<OtherLabels> {
    if (later === undefined || labelOutput === undefined) return {}
    return labelsOfModels(await later, { output: labelOutput, after, table })
  }

  /** What the arm itself predicted stands beside what it is compared with. */
  function tell({ tensors, table, ran, told }: Answered, others: OtherLabels): void {
    if (told === undefined || labelOutput === undefined) return
    const [subject] = ran
    const own = labelsIn(tensors, { output: labelOutput, after, table })
    told({ ...(own !== undefined && { [subject!]: own }), ...others })
  }

  async function runAll(chosen: readonly Shadow[], answered: Answered): Promise<void> {
    const copies = chosen.map(async (shadow) => run(shadow, answered))
    const labels = await Promise.all([outrun(answered), ...copies])
    const others = Object.entries(Object.assign({}, ...labels) as OtherLabels).filter(
      ([subject]) => !answered.ran.has(subject),
    )
    if (others.length === 0) return
    tell(answered, Object.fromEntries(others))
    await ledger.recordShadows(answered.decision.key, Object.fromEntries(others)).catch((error: unknown) => {
      for (const { name } of chosen) metrics.ended(endpoint, name, 'unrecorded')
      logger.debug({ endpoint, err: error }, 'the answers of shadows were not recorded')
    })
  }

  return {
    offer(answered) {
      const chosen = shadows.filter((shadow) => mayRun(shadow, answered.ran))
      if (chosen.length === 0 && answered.later === undefined) return
      for (const shadow of chosen) tallyOf(shadow).inFlight += 1
      setImmediate(() => void runAll(chosen, answered))
    },
    view: () =>
      shadows.map((shadow) => {
        const { compared, agreed } = tallyOf(shadow)
        return { name: shadow.name, share: shadow.share, compared, agreed }
      }),
  }
}
