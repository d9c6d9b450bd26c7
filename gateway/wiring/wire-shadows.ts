import { modelSubject } from '../../bandit/index.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import type { ShadowConfig } from '../config/shadows/shadows.ts'
import { subjectOf } from '../config/arms/subject-of.ts'
import type { Contract } from '../contract.ts'
import { createShadows, type Shadow, type Shadows, type ShadowsDeps } from '../shadows/shadows.ts'
import type { Arm } from '../upstream/arm.ts'
import { createModelArm } from '../upstream/model-arm.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'

interface WireShadowsDeps extends Pick<
  ShadowsDeps,
  'labelOutput' | 'after' | 'ledger' | 'metrics' | 'logger' | 'isFrugal'
> {
  readonly arms: ReadonlyMap<string, Arm>
  readonly upstreams: ReadonlyMap<string, ModelUpstream>
  readonly contract: Contract
}

/** A shadow is an arm of the endpoint, running beside another, or a model that answers nobody. */
export function wireShadows(
  { name: endpoint, arms: armConfigs }: EndpointConfig,
  shadows: readonly ShadowConfig[],
  { arms, upstreams, contract, ...deps }: WireShadowsDeps,
): Shadows {
  function toShadow(config: ShadowConfig): Shadow {
    const { name, model, deadlineMs } = config
    if (model === undefined) {
      const arm = armConfigs.find((each) => each.name === name)!
      return { ...config, arm: arms.get(name)!, subject: subjectOf(arm) }
    }
    const upstream = upstreams.get(model)!
    const held = contract.hold(createModelArm({ name, upstream, deadlineMs }), [upstream])
    // The arms say what is taken, whichever model comes up first.
    const available = () => contract.inputs() !== undefined && held.available()
    return { ...config, arm: { ...held, available }, subject: modelSubject(model) }
  }

  return createShadows({
    endpoint,
    shadows: shadows.map(toShadow),
    random: Math.random,
    monotonic: () => performance.now(),
    ...deps,
  })
}
