/** What is on its way from the decision that it is about. */
export interface Letter {
  readonly decidedAt: number
  readonly arm: number
  /** NaN: there will be none any more. */
  readonly reward: number
  readonly propensity: number
  /** The context of the decision, where there is one. */
  readonly features?: Float64Array | undefined
}

/** Letters that are still on their way. */
export interface Post {
  /** Of the decision made at `decidedAt`, one letter at most. It is there for the decisions after `after` more. */
  send(letter: Letter, after: number): void
  /** All that has come by `step`, which must start a batch; each batch is collected once. */
  collect(step: number, open: (letter: Letter) => void): void
}

const nobody = -1

/** One list for each batch, linked through arrays as long as the run: sending and opening cost nothing else. */
export function createPost(horizon: number, batch: number): Post {
  const first = new Int32Array(Math.ceil(horizon / batch)).fill(nobody)
  const next = new Int32Array(horizon)
  const arms = new Uint16Array(horizon)
  const rewards = new Float64Array(horizon)
  const propensities = new Float64Array(horizon)
  const contexts: (Float64Array | undefined)[] = []

  return {
    send({ decidedAt, arm, reward, propensity, features }, after) {
      const slot = Math.ceil((decidedAt + 1 + after) / batch)
      if (slot >= first.length) return
      arms[decidedAt] = arm
      rewards[decidedAt] = reward
      propensities[decidedAt] = propensity
      if (features !== undefined) contexts[decidedAt] = features
      next[decidedAt] = first[slot]!
      first[slot] = decidedAt
    },
    collect(step, open) {
      for (let at = first[step / batch]!; at !== nobody; at = next[at]!) {
        const features = contexts[at]
        open({ decidedAt: at, arm: arms[at]!, reward: rewards[at]!, propensity: propensities[at]!, features })
        if (features !== undefined) contexts[at] = undefined
      }
    },
  }
}
