import type { Checkpoint } from '../../../bandit/store/checkpoint.ts'

export const checkpointAt = (at: number, changed: Partial<Checkpoint> = {}): Checkpoint => ({
  at,
  born: 1_600_000_000_000_000,
  version: 7,
  ancestors: [],
  closed: undefined,
  hashes: {
    statistics: { 'a/0': '2 1 1' },
    pulls: {},
    rewarded: {},
    totals: { 'a/rewarded': '2', 'b/rewarded': '1' },
    voided: {},
    held: {},
  },
  ended: {},
  ...changed,
})
