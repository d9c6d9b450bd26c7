import { describe } from 'vitest'
import { bucketContract } from './store/buckets.ts'
import { checkpointContract } from './store/checkpoints.ts'
import { controlsContract } from './store/controls.ts'
import type { NewFixture } from './store/fixture.ts'
import { concurrencyContract } from './store/many-at-once.ts'
import { poisonContract } from './store/poison.ts'
import { observedContract } from './store/observed.ts'
import { pullContract } from './store/pulls.ts'
import { recordContract } from './store/records.ts'
import { reversalContract } from './store/reversal.ts'
import { rewardContract } from './store/rewards.ts'

/** What every implementation of the store's port must do, to the bit. */
export const runStoreContract = ({ name, newFixture }: { name: string; newFixture: NewFixture }) =>
  describe(`${name} store`, () => {
    rewardContract(newFixture)
    reversalContract(newFixture)
    observedContract(newFixture)
    pullContract(newFixture)
    bucketContract(newFixture)
    recordContract(newFixture)
    controlsContract(newFixture)
    checkpointContract(newFixture)
    poisonContract(newFixture)
    concurrencyContract(newFixture)
  })
