import { hash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** The next uniform number in [0, 1). */
export type Uniform = () => number

/**
 * The numbers of one run for one purpose: xoroshiro128+ from the first 128 bits of SHA-256(seed/run/purpose). So
 * a run is the same whichever thread plays it and however many others there are, and all policies of a
 * simulation meet the same nature.
 */
export function createStream(seed: number, run: number, purpose: 'nature' | 'contexts' | 'choices'): Uniform {
  const digest = hash('sha256', `${seed}/${run}/${purpose}`, 'buffer')
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)))
  return () => uniformFloat64(generator)
}
