import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The next uniform number in [0, 1). */
export type Random = () => number

const purposes = ['order', 'noise', 'feedback', 'retry'] as const

/**
 * One stream of numbers for each purpose, so that drawing more for one changes nothing of another. The streams
 * are jumps of 2^64 apart; the first jump also leads away from the seed's own, poorly mixed, first numbers.
 */
export const createRandom = (seed: number, purpose: (typeof purposes)[number]): Random => {
  const generator = xoroshiro128plus(seed)
  for (let jumps = purposes.indexOf(purpose); jumps >= 0; jumps--) generator.jump()
  return () => uniformFloat64(generator)
}

/** Standard normal numbers by the transform of Box and Muller (1958). */
export const createNormal = (random: Random): Random => {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A copy of `items` in random order, by the shuffle of Fisher and Yates. */
export const shuffled = <T>(items: readonly T[], random: Random): T[] => {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[result[last], result[other]] = [result[other]!, result[last]!]
  }
  return result
}
