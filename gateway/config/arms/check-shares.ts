import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

/** Shares are written in decimals, which do not add up to exactly 1. */
const rounding = 1e-9

/** What the arms get at the least and at the most, against each other. */
export function* checkShares(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const policy = partOf(endpoint, 'policy')
  const arms = entriesOf(endpoint, 'arms').map(([name, arm]) => ({
    name,
    least: shareOf(partOf(arm, 'min_share') ?? partOf(policy, 'min_share'), 0),
    most: shareOf(partOf(arm, 'max_share') ?? partOf(policy, 'max_share'), 1),
    warmUp: shareOf(partOf(partOf(arm, 'warm_up'), 'min_share'), 0),
  }))
  const least = arms.reduce((sum, arm) => sum + arm.least, 0)
  const most = arms.reduce((sum, arm) => sum + arm.most, 0)
  if (least > 1 + rounding) {
    const message = `the min_share of all arms together is ${decimal(least)}: lower them to at most 1`
    yield { path: [...path, 'arms'], message }
  }
  const together = least + warmUpsAtOnce(arms)
  if (least <= 1 + rounding && together > 1 + rounding) {
    const message = `the min_share of all arms together is ${decimal(together)} while they warm up: lower warm_up.min_share until it is at most 1`
    yield { path: [...path, 'arms'], message }
  }
  if (arms.length > 0 && most < 1 - rounding) {
    const message = `the max_share of all arms together is ${decimal(most)}: raise them to at least 1`
    yield { path: [...path, 'arms'], message }
  }
  for (const arm of arms.filter((each) => each.least > each.most)) {
    const message = `its min_share ${arm.least} is above its max_share ${arm.most}: lower one or raise the other`
    yield { path: [...path, 'arms', arm.name], message }
  }
}

/** What warm-ups add to the least shares at the most: an arm is new only while another one is not. */
function warmUpsAtOnce(arms: readonly { readonly least: number; readonly warmUp: number }[]): number {
  const more = arms.map(({ least, warmUp }) => Math.max(0, warmUp - least))
  return arms.length === 0 ? 0 : more.reduce((sum, each) => sum + each, 0) - Math.min(...more)
}

/** What is no share is complained of by the schema. */
function shareOf(share: unknown, absent: number): number {
  return typeof share === 'number' && share >= 0 && share <= 1 ? share : absent
}

function decimal(sum: number): number {
  return Number(sum.toFixed(6))
}
