import { finalRewards, type JoinedLog } from './join-log.ts'

/** The two files of a campaign in the layout of the Open Bandit Dataset, which the Python package obp loads. */
export interface OpenBanditFiles {
  /** `<campaign>.csv`: one row a decision whose reward is known. */
  readonly decisions: Iterable<string>
  /** `item_context.csv`: one row an arm; items are numbered from 0 in the order of their names. */
  readonly items: Iterable<string>
}

/** Y. Saito et al., Open Bandit Dataset and Pipeline, NeurIPS 2021. Every decision has one position. */
export function toOpenBandit(log: JoinedLog): OpenBanditFiles {
  const arms = [...new Set(log.decisions.flatMap((decision) => decision.arms))].toSorted()
  return { decisions: decisionRows(log, arms), items: itemRows(arms) }
}

function* decisionRows(log: JoinedLog, arms: readonly string[]): Iterable<string> {
  const rewards = finalRewards(log)
  const items = new Map(arms.map((arm, item) => [arm, item]))
  const features = [...new Set(log.decisions.flatMap(({ context = {} }) => Object.keys(context)))].toSorted()
  // obp wants a feature of the user, also where the log has none.
  const columns = features.length === 0 ? ['user_feature_0'] : features.map((_, at) => `user_feature_${at}`)
  yield row(['', 'timestamp', 'item_id', 'position', 'click', 'propensity_score', ...columns])
  let index = 0
  for (const { key, time, arm, propensity, context = {} } of log.decisions) {
    const reward = rewards.get(key)
    if (reward === undefined) continue
    const values = features.length === 0 ? ['none'] : features.map((feature) => context[feature] ?? '')
    const timestamp = new Date(time).toISOString().replace('T', ' ').replace('Z', '+00:00')
    yield row([index, timestamp, items.get(arm)!, 1, reward, propensity, ...values])
    index += 1
  }
}

function* itemRows(arms: readonly string[]): Iterable<string> {
  yield row(['', 'item_id', 'item_feature_0', 'item_feature_1'])
  for (const [item, arm] of arms.entries()) yield row([item, item, 0, arm])
}

function row(fields: readonly (string | number | boolean)[]): string {
  return `${fields.map(field).join(',')}\n`
}

/** RFC 4180. */
function field(value: string | number | boolean): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
