import type { Config } from '../../config/config.ts'
import { StartFault } from '../../start-fault.ts'

/**
 * Keys that may teach less than everything together, and no others: the more one of them taught, the less of it could
 * be learned.
 *
 * @throws StartFault
 */
export function demandShares({ auth }: Pick<Config, 'auth'>): void {
  if (typeof auth !== 'object' || auth.rewardShare === undefined) return
  // Who else will come is not known.
  if (auth.keysFile !== undefined || auth.jwt !== undefined) return
  const { most } = auth.rewardShare
  const teachers = auth.keys.filter(({ scopes }) => scopes.includes('feedback'))
  const together = teachers.reduce((sum, { rewardShare = most }) => sum + rewardShare, 0)
  if (teachers.length < 2 || together >= 1) return
  const least = Math.ceil(100 / teachers.length) / 100
  throw new StartFault(
    `auth.reward_share: the ${teachers.length} keys for feedback may teach ${Math.round(together * 100)} % together, and the rest of what they send would be lost: raise most to ${least}, or give a key that is yours reward_share: 1`,
  )
}
