import { toArrival } from './arrivals.ts'
import { createChooser } from './choosers.ts'
import type { Contender } from './contender.ts'
import { createContexts } from './contexts/create-contexts.ts'
import { createMemory, type Memory } from './memory.ts'
import { createNature } from './nature.ts'
import { toPolicy } from './policies.ts'
import { createPost } from './post.ts'
import { callBest, type Stop } from './stop.ts'
import { createStream } from './streams.ts'
import type { World } from './world.ts'

export interface RunRequest {
  readonly world: World
  readonly contender: Contender
  readonly seed: number
  readonly run: number
  /** Numbers of decisions, rising, the last one at most the horizon. */
  readonly checkpoints: readonly number[]
  /** Ends the run once the best arm is known; looked at once a batch. */
  readonly stop?: Stop | undefined
}

export interface RunResult {
  /** At each checkpoint: what the decisions so far have less than the best arm of their moment, in expectation. */
  readonly regrets: Float64Array
  /** Pulls since the checkpoint before, checkpoint by checkpoint, arm by arm. */
  readonly pulls: Float64Array
  /** The end of a run that found an arm it calls best: after how many decisions, and whether it is. */
  readonly found?: { readonly after: number; readonly right: boolean }
}

/** One contender from the first decision of a run to the last. */
export function playRun({ world, contender, seed, run, checkpoints, stop }: RunRequest): RunResult {
  const { arms, batch, feedback } = world
  const random = createStream(seed, run, 'nature')
  const contexts =
    world.contexts && createContexts(world.contexts, arms.length, createStream(seed, run, 'contexts'))
  const nature = createNature(world, random, contexts)
  const names = arms.map(({ name }) => name)
  const correctedWindow = feedback.learn === 'corrected' ? feedback.window : undefined
  // Sums over contexts grow with the square of their dimension: they are kept where somebody reads them.
  const dimension = toPolicy(contender.policy).usesContext && contexts?.dimension
  const memory = createMemory(names, { ...contender, correctedWindow, dimension })
  const chooser = createChooser(contender, memory, createStream(seed, run, 'choices'))
  const post = createPost(world.horizon, batch)
  const regrets = new Float64Array(checkpoints.length)
  const pulls = new Float64Array(checkpoints.length * arms.length)
  const horizon = checkpoints.at(-1) ?? 0
  let regret = 0
  let checkpoint = 0
  let found: RunResult['found']

  for (let step = 0; step < horizon; step++) {
    if (step % batch === 0) {
      post.collect(step, (letter) => {
        if (Number.isNaN(letter.reward)) return memory.writeOff(letter.arm, letter.decidedAt)
        const coin = letter.reward > 0 && letter.reward < 1 ? random() : 0.5
        memory.learn({ ...letter, heardAt: step, coin })
      })
      const replaced = nature.turnOver(step)
      if (replaced !== undefined) memory.restart(replaced, step)
      memory.refresh(step)
      found = stop && findBest(memory, nature.means(step), step, stop)
      if (found !== undefined) break
    }
    const features = contexts?.next()
    const arm = chooser.choose(features)
    memory.decide(arm, step)
    const means = nature.means(step)
    regret += highest(means) - means[arm]!
    const reward = nature.reward(arm, step)
    const arrival = toArrival(reward, nature.delay(arm), feedback)
    if (arrival !== undefined) {
      const { reward: learned = Number.NaN, after } = arrival
      post.send({ decidedAt: step, arm, reward: learned, propensity: chooser.propensity, features }, after)
    }
    pulls[checkpoint * arms.length + arm]! += 1
    if (step + 1 === checkpoints[checkpoint]) regrets[checkpoint++] = regret
  }
  // No decision is made after a run has ended.
  regrets.fill(regret, checkpoint)
  return { regrets, pulls, ...(found !== undefined && { found }) }
}

function findBest({ beliefs }: Memory, means: Float64Array, after: number, stop: Stop): RunResult['found'] {
  const called = callBest(beliefs, after, stop)
  return called === undefined ? undefined : { after, right: means[called] === highest(means) }
}

function highest(means: Float64Array): number {
  let best = -Infinity
  for (let arm = 0; arm < means.length; arm++) if (means[arm]! > best) best = means[arm]!
  return best
}
