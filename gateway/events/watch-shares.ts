import type { Agent, MaxStep } from '../../bandit/index.ts'
import type { Events } from './events.ts'

export interface SteppingEndpoint {
  readonly name: string
  readonly settings: { readonly policy: { readonly maxStep?: MaxStep | undefined } }
  readonly agent: Pick<Agent, 'heldBack'>
}

/**
 * Looks again and again at how far shares are from what the policy wants, and tells when it is more than a whole step,
 * which nobody expects of the usual run of rewards, and when they have arrived.
 */
export function watchShares(
  { name: endpoint, settings, agent }: SteppingEndpoint,
  { emit }: Pick<Events, 'emit'>,
): () => void {
  const { maxStep } = settings.policy
  if (maxStep === undefined) return () => undefined
  let told: string | undefined

  return () => {
    const held = agent.heldBack()
    if (told === undefined && held !== undefined && Math.abs(held.wanted - held.share) > maxStep.share) {
      const { arm, share, wanted } = held
      told = arm
      const detail = `the policy wants a share of ${wanted.toFixed(3)} for arm ${arm}, which has ${share.toFixed(3)}: max_step holds it back`
      emit({ kind: 'shares_held', endpoint, arm, detail, facts: { share, wanted } })
    }
    if (told !== undefined && held === undefined) {
      emit({ kind: 'shares_arrived', endpoint, arm: told, detail: 'shares are as the policy wants them' })
      told = undefined
    }
  }
}
