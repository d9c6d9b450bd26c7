import type { CrossFault } from './cross-fault.ts'
import type { Path } from './positions.ts'
import { entriesOf, isRaw, partOf } from './raw.ts'

/** Shares are written in decimals, which do not add up to exactly 1. */
const rounding = 1e-9

/** The parts of one endpoint against each other. */
export function* checkEndpoint(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const arms = entriesOf(endpoint, 'arms')
  if (isRaw(partOf(endpoint, 'arms')) && arms.length === 0) {
    yield { path: [...path, 'arms'], message: 'there is no arm: add at least one' }
  }
  const common = partOf(partOf(endpoint, 'policy'), 'min_share')
  const floors = arms.reduce((sum, [, arm]) => sum + floorOf(partOf(arm, 'min_share') ?? common), 0)
  if (floors > 1 + rounding) {
    const message = `the min_share of all arms together is ${Number(floors.toFixed(6))}: lower them to at most 1`
    yield { path: [...path, 'arms'], message }
  }
  const reward = partOf(endpoint, 'reward')
  if (partOf(reward, 'from') === 'label')
    yield* checkLabels(path, endpoint, partOf(reward, 'output') ?? 'label')
}

/** What a true label can be compared with. */
function* checkLabels(path: Path, endpoint: unknown, output: unknown): Iterable<CrossFault> {
  if (partOf(endpoint, 'ledger') === 'signed') {
    const message =
      'a true label is compared with the recorded answer, which a signed id does not carry: use ledger: stored'
    yield { path: [...path, 'ledger'], message }
  }
  for (const [name, arm] of entriesOf(endpoint, 'arms')) {
    const named = partOf(partOf(arm, 'argmax'), 'output') === output
    if (partOf(arm, 'combine') !== 'mean' || named) continue
    const message = `the mean of labels is not a label: add argmax: { output: ${String(output)}, over: <scores> }, or use combine: majority`
    yield { path: [...path, 'arms', name], message }
  }
}

function floorOf(share: unknown): number {
  return typeof share === 'number' && share <= 1 ? share : 0
}
