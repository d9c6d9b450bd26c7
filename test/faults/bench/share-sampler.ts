import { runInBackground } from '../../../gateway/background.ts'
import type { BenchGateway } from './bench.ts'

interface Sample {
  /** When the gateway had looked at the store, in ms: not before the one, nor after the other. */
  readonly lookedAt: { readonly earliest: number; readonly latest: number }
  readonly ageMs: number
  readonly share: number
  readonly wanted: number
}

export interface Moved {
  /** Whether between any two looks, next to each other or not, the share moved by no more than so much a second of the time between them. */
  isWithin(perSecond: number): boolean
  readonly hasArrived: boolean
  readonly text: string
}

/** A look has an end later than the moment that its snapshot is of, and its age is told in whole ms. */
const placingMs = 50

/** Asks again and again for the share of an arm, several times for each look of the gateway at its store. */
export function shareSampler({ call }: Pick<BenchGateway, 'call'>, arm: string) {
  const samples: Sample[] = []

  async function sample(): Promise<void> {
    const askedAt = performance.now()
    const { body, ms } = await call('/endpoints/greeting')
    const { snapshot_age_ms: ageMs, arms } = body as View
    const { share, wanted_share: wanted } = arms.find(({ name }) => name === arm)!
    const lookedAt = { earliest: askedAt - ageMs, latest: askedAt + ms - ageMs }
    samples.push({ lookedAt, ageMs, share, wanted })
  }

  const sampling = runInBackground(sample, 50)

  return {
    async untilArrived(withinMs: number): Promise<Moved> {
      const until = performance.now() + withinMs
      const isThere = () => samples.at(-1)?.share === samples.at(-1)?.wanted
      while (!isThere() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
      await sampling.stop()
      const looks = samples.filter(({ share }, at) => at === 0 || share !== samples[at - 1]!.share)
      const farthest = Math.max(...looks.slice(1).map(({ share }, at) => Math.abs(share - looks[at]!.share)))
      const oldest = Math.max(...samples.map(({ ageMs }) => ageMs))
      const behind = Math.max(...samples.map(({ share, wanted }) => Math.abs(wanted - share)))
      const [first, last] = [samples[0]!, samples.at(-1)!]
      const tookMs = looks.at(-1)!.lookedAt.earliest - looks[0]!.lookedAt.earliest
      return {
        isWithin: (perSecond) =>
          looks.length > 1 &&
          looks.every((later, at) =>
            looks
              .slice(0, at)
              .every(
                (earlier) =>
                  Math.abs(later.share - earlier.share) <=
                  (perSecond * (later.lookedAt.latest - earlier.lookedAt.earliest + placingMs)) / 1000,
              ),
          ),
        hasArrived: isThere(),
        text: `share from ${first.share.toFixed(3)} to ${last.share.toFixed(3)} in ${looks.length - 1} moves and ${(tookMs / 1000).toFixed(1)} s, ${samples.length} samples, the farthest move ${farthest.toFixed(4)}, at most ${behind.toFixed(3)} behind what is wanted; snapshots at most ${oldest} ms old`,
      }
    },
  }
}

interface View {
  readonly snapshot_age_ms: number
  readonly arms: readonly { readonly name: string; readonly share: number; readonly wanted_share: number }[]
}
