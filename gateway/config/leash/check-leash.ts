import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, isRaw, partOf } from '../reading/raw.ts'

const rules = ['error_rate', 'latency_p99', 'baseline'] as const

/** Guardrails, warm-ups and canaries of an endpoint against its arms. */
export function* checkLeash(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const arms = entriesOf(endpoint, 'arms')
  const names = arms.map(([name]) => name)
  const common = partOf(endpoint, 'guardrails')
  yield* checkBaseline([...path, 'guardrails'], common, names)
  for (const [name, arm] of arms) {
    const at = [...path, 'arms', name]
    const own = partOf(arm, 'guardrails')
    yield* checkBaseline([...at, 'guardrails'], own, names)
    const rule = (key: string) => partOf(own, key) ?? partOf(common, key)
    const guarded = rules.some(
      (key) => rule(key) !== undefined && !(key === 'baseline' && rule(key) === name),
    )
    yield* checkGuardrails(
      at,
      arm,
      { isThere: isRaw(own) || isRaw(common), guarded, action: rule('action') },
      endpoint,
    )
    yield* checkCanary([...at, 'canary'], partOf(arm, 'canary'), guarded)
    yield* checkWarmUp([...at, 'warm_up'], partOf(arm, 'warm_up'))
  }
  if (arms.length > 0 && arms.every(([, arm]) => isRaw(partOf(arm, 'canary')))) {
    const message =
      'every arm is a canary: leave at least one arm without, for the traffic that they do not get'
    yield { path: [...path, 'arms'], message }
  }
}

function* checkBaseline(path: Path, guardrails: unknown, names: readonly string[]): Iterable<CrossFault> {
  const baseline = partOf(guardrails, 'baseline')
  if (typeof baseline !== 'string' || names.includes(baseline)) return
  const near = nearest(baseline, names)
  const mend = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  yield { path: [...path, 'baseline'], message: `there is no arm ${JSON.stringify(baseline)}: ${mend}` }
}

interface Guarding {
  readonly isThere: boolean
  readonly guarded: boolean
  readonly action: unknown
}

function* checkGuardrails(
  path: Path,
  arm: unknown,
  { isThere, guarded, action }: Guarding,
  endpoint: unknown,
): Iterable<CrossFault> {
  if (isRaw(partOf(arm, 'guardrails')) && !guarded) {
    const message = `these guardrails hold nothing: add ${rules.join(', ')}, here or to the endpoint`
    yield { path: [...path, 'guardrails'], message }
  }
  const least = partOf(arm, 'min_share') ?? partOf(partOf(endpoint, 'policy'), 'min_share')
  if (isThere && action === 'floor' && (least === undefined || least === 0)) {
    const message =
      'with action: floor an arm that breaks a guardrail keeps its min_share, which is 0: give it one, or use action: quarantine'
    yield { path, message }
  }
}

function* checkCanary(path: Path, canary: unknown, guarded: boolean): Iterable<CrossFault> {
  if (!isRaw(canary)) return
  if (!guarded) {
    const message = `a canary goes on for as long as its guardrails hold: add guardrails with ${rules.join(', ')}`
    yield { path, message }
  }
  const { from = 0.01, to = 0.5 } = canary
  if (typeof from === 'number' && typeof to === 'number' && from > to) {
    yield {
      path,
      message: `it starts from ${from}, above the ${to} that it is to reach: lower from or raise to`,
    }
  }
}

function* checkWarmUp(path: Path, warmUp: unknown): Iterable<CrossFault> {
  if (!isRaw(warmUp)) return
  const { min_share: least = 0, max_share: most = 1, pulls = 0, rewards = 0 } = warmUp
  if (typeof least === 'number' && typeof most === 'number' && least > most) {
    yield {
      path,
      message: `its min_share ${least} is above its max_share ${most}: lower one or raise the other`,
    }
  }
  if (pulls === 0 && least !== 0)
    yield { path, message: 'say for how many pulls it gets its min_share: add pulls' }
  if (rewards === 0 && most !== 1) {
    yield { path, message: 'say for how many rewards it gets no more than its max_share: add rewards' }
  }
}
