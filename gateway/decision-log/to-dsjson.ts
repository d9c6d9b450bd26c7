import { finalRewards, type JoinedLog } from './join-log.ts'
import type { DecisionLine } from './schema.ts'

/**
 * The decisions whose reward is known as Vowpal Wabbit reads them (`vw --cb_explore_adf --dsjson`), one line each.
 * Costs are negative rewards; actions are the arms that could be chosen, counted from 1, the chosen one first in `a`
 * and `p`; the context is the shared namespace `Context`.
 */
export function* toDsjson(log: JoinedLog): Iterable<string> {
  const rewards = finalRewards(log)
  for (const decision of log.decisions) {
    const reward = rewards.get(decision.key)
    if (reward !== undefined) yield `${JSON.stringify(toExample(decision, reward))}\n`
  }
}

function toExample(decision: DecisionLine, reward: number): object {
  const { key, time, arm, arms, propensities, policy, context = {} } = decision
  const chosen = arms.indexOf(arm)
  const order = [chosen, ...arms.keys().filter((index) => index !== chosen)]
  return {
    // Not −0, which JSON has no word for.
    _label_cost: reward === 0 ? 0 : -reward,
    _label_probability: propensities[chosen],
    _label_Action: chosen + 1,
    _labelIndex: chosen,
    o: [{ v: reward, EventId: key, ActionTaken: false }],
    Timestamp: new Date(time).toISOString(),
    Version: '1',
    EventId: key,
    a: order.map((index) => index + 1),
    c: { Context: context, _multi: arms.map((name) => ({ Arm: { [name]: 1 } })) },
    p: order.map((index) => propensities[index]),
    VWState: { m: policy },
  }
}
