import { contextualPolicyNames, type History, type ShareBounds, type Target } from '../../bandit/index.ts'
import type { PolicyConfig } from '../../gateway/config/endpoint-config.ts'
import { parseConfig } from '../../gateway/config/parse-config.ts'
import { forgettingOf } from '../../gateway/config/learning/to-policy.ts'
import { createServingPolicy } from '../../gateway/serving-policy.ts'

/**
 * `ucb1`, `{"name":"ucb1","min_share":0.05}` as under `policy` in the configuration, or `arm:NAME`.
 *
 * @throws Error that says what is wrong with it
 */
export function parseTarget(text: string, history: History): Target {
  const names = history.arms.map(({ belief }) => belief.name)
  if (text.startsWith('arm:')) return oneArm(text.slice('arm:'.length), names, history)
  const written = text.startsWith('{') ? parseJson(text) : { name: text }
  demandContexts(written, history)
  const { policy, shares } = parsePolicy(written, names, history)
  const forgetting = forgettingOf(policy)
  return {
    name: text,
    policy: createServingPolicy(policy),
    // What the log was learned with, unless the policy has its own way to forget.
    forgetting: forgetting.kind === 'none' ? history.learning.forgetting : forgetting,
    shares: (arm) => shares.get(arm) ?? free,
    maxStep: policy.maxStep,
  }
}

const free: ShareBounds = { minShare: 0 }

/** Where the arm could not be chosen, whatever else there was is taken alike. */
function oneArm(name: string, names: readonly string[], history: History): Target {
  if (!names.includes(name)) throw new Error(`the log has no arm "${name}": use one of ${names.join(', ')}`)
  return {
    name: `arm:${name}`,
    policy: {
      name: `arm:${name}`,
      usesPending: false,
      distribution(arms) {
        const at = arms.findIndex((arm) => arm.name === name)
        return Float64Array.from(arms, (_, index) => (at < 0 ? 1 / arms.length : Number(index === at)))
      },
    },
    forgetting: history.learning.forgetting,
    shares: () => free,
  }
}

function demandContexts(policy: unknown, { dimension }: History): void {
  const named = typeof policy === 'object' && policy !== null && 'name' in policy ? policy.name : undefined
  const contextual = contextualPolicyNames.find((name) => name === named)
  if (contextual === undefined || dimension !== undefined) return
  throw new Error(
    `${contextual} chooses by context, and the endpoint of this log declares none: name another policy, or declare a context and log on`,
  )
}

/** Checked by the parser of the configuration itself, so that both always take the same. */
function parsePolicy(
  policy: unknown,
  names: readonly string[],
  { learning: { bounds }, dimension }: History,
): { readonly policy: PolicyConfig; readonly shares: ReadonlyMap<string, ShareBounds> } {
  const arms = Object.fromEntries(names.map((name) => [name, { model: 'any' }]))
  const reward = { bounds: [bounds.low, bounds.high] }
  // What the context is made of says nothing about the settings of a policy.
  const context = dimension === undefined ? {} : { context: { features: { any: { type: 'boolean' } } } }
  const document = {
    models: { any: { onnx: 'any' } },
    endpoints: { e: { arms, policy, reward, ...context } },
  }
  const result = parseConfig(JSON.stringify(document), '--policy')
  if ('faults' in result) {
    const faults = result.faults.map(({ path, message }) => `${path.replace('endpoints.e.', '')}: ${message}`)
    throw new Error(`--policy ${JSON.stringify(policy)} cannot be used\n  ${faults.join('\n  ')}`)
  }
  const [endpoint] = result.config.endpoints
  return {
    policy: endpoint!.policy,
    shares: new Map(endpoint!.arms.map((arm) => [arm.name, arm])),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Error(`--policy ${text} is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
