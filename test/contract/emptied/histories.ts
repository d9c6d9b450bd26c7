import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Checkpoint } from '../../../bandit/store/checkpoint.ts'
import type { Feedback } from '../../../bandit/index.ts'
import { about, decisionOf } from '../../bandit/journal/shop.ts'
import { dumpOf, type Emptied, isUnsettled, learnedIn, openGateway, restoreTo } from './world.ts'

const gateways = 2
const acknowledged = ['applied', 'corrected', 'duplicate', 'void', 'journalled']
const decisions = 4

type Step =
  | { readonly kind: 'say'; readonly through: number; readonly feedback: Said }
  | { readonly kind: 'turn'; readonly through: number }
  | { readonly kind: 'lose'; readonly through: number; readonly feedback: Said }
  | { readonly kind: 'save' | 'empty' | 'give back' | 'outlive' }

interface Said {
  readonly decision: number
  readonly event: string
  /** undefined = void */
  readonly reward: number | undefined
}

const through = fc.nat(gateways - 1)
const said: fc.Arbitrary<Said> = fc.record({
  decision: fc.nat(decisions - 1),
  event: fc.constantFrom('sale', 'click'),
  reward: fc.constantFrom(0, 0.25, 1, 1, 0.5, undefined),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('say'), through, feedback: said }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose'), through, feedback: said }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turn'), through }) },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constantFrom('save', 'save', 'empty', 'give back', 'outlive') }),
  },
)
const history = fc.record({
  combine: fc.constantFrom('first' as const, 'last' as const, 'sum' as const),
  steps: fc.array(step, { minLength: 6, maxLength: 30 }),
})

/** Moments of stores are milliseconds, and what comes into being is later than what was saved. */
const moment = () => sleep(2)

export function emptiedHistories(newEmptied: () => Promise<Emptied>, numRuns: number): void {
  test('a store that is emptied at any time has what was acknowledged, once, from checkpoint and journals', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ combine, steps }) => {
        const start = Date.now() - 1000
        let outlived = 0
        const clock = () => start + outlived * 1_000_000 + 500
        const emptied = await newEmptied()
        const reference = await newEmptied()
        const alone = await openGateway(reference, combine, clock)
        const all = [await openGateway(emptied, combine, clock), await openGateway(emptied, combine, clock)]
        let said = 0
        /** Have not put back their marks to what was given back last. */
        const behind = new Set<(typeof all)[number]>()
        const turn = async (gateway: (typeof all)[number]) => {
          await gateway.turn()
          behind.delete(gateway)
        }
        let saved: Checkpoint | undefined

        const toFeedback = ({ decision, event, reward }: Said): Feedback => {
          const of = decisionOf(outlived * decisions + decision, decision % 2 === 0 ? 'a' : 'b', start)
          const at = start + said
          return about(of, reward === undefined ? { void: true } : { reward, eventId: event, at })
        }
        const turnAll = async () => {
          for (const gateway of all) await turn(gateway)
        }
        const giveBack = async () => {
          if (saved === undefined) return
          if ((await restoreTo(emptied, saved)) === 'restored') all.forEach((each) => behind.add(each))
        }

        for (const next of steps) {
          switch (next.kind) {
            case 'lose':
            case 'say': {
              const gateway = all[next.through]!
              const feedback = toFeedback(next.feedback)
              gateway.losesAnswers = next.kind === 'lose'
              const { status, detail } = await gateway.learn(feedback)
              expect(acknowledged, detail).toContain(status)
              gateway.losesAnswers = false
              said += 1
              await alone.learn(feedback)
              break
            }
            case 'turn':
              await turn(all[next.through]!)
              break
            case 'save':
              // Whoever waits for an answer does not know where it is.
              for (const { journal } of all) await journal.flush()
              if (all.some(({ journal }) => journal.state().unsettled > 0)) break
              if (behind.size > 0) break
              if (await isUnsettled(emptied, saved)) break
              await moment()
              saved = await dumpOf(emptied)
              await moment()
              break
            case 'empty':
              await moment()
              await emptied.empty()
              break
            case 'give back':
              await giveBack()
              break
            case 'outlive': {
              // What journals have forgotten is in the checkpoint, and nobody says it again.
              await giveBack()
              await turnAll()
              await moment()
              saved = await dumpOf(emptied)
              await moment()
              outlived += 1
              await turnAll()
            }
          }
        }
        await giveBack()
        await turnAll()
        await turnAll()

        expect(await learnedIn(emptied)).toEqual(await learnedIn(reference))
        for (const { journal } of [...all, alone]) await journal.close()
      }),
      { numRuns, seed: 20_261_123 },
    )
  }, 60_000)
}
