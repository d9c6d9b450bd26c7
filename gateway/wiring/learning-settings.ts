import {
  bucketWidth,
  createEncoding,
  definitionOf,
  generationOf,
  memoryMs,
  qualityBounds,
  toMicro,
  toShare,
  unitBounds,
} from '../../bandit/index.ts'
import type { EndpointConfig } from '../config/endpoint-config.ts'
import { forgettingOf } from '../config/learning/to-policy.ts'

/** What an endpoint's configuration says of its learning: the rules, and the state in the store that follows from them. */
export function learningSettings({ name, policy, reward, context }: EndpointConfig) {
  const { windowMs, from: rewardFrom, combine, bounds = unitBounds } = reward
  const { delay = 'arrival', corrections = false, retentionMs, penalty } = reward
  const forgetting = forgettingOf(policy)
  const bucketMs = bucketWidth(windowMs, memoryMs(forgetting))
  // Where only successes report, silence is a 0 in the end.
  const silent = reward.default ?? (delay === 'corrected' ? 0 : undefined)
  const defaultMicro =
    silent === undefined ? undefined : toMicro(toShare(silent, qualityBounds({ bounds, penalty })))
  const labelOutput = reward.from === 'label' ? reward.output : undefined
  const rules = {
    windowMs,
    bucketMs,
    forgetting,
    delay,
    corrections,
    defaultMicro,
    bounds,
    ...(penalty && { penalty }),
  }
  const encoding = context && createEncoding(context)
  const definition = encoding && definitionOf(encoding)
  const generation = generationOf({ rewardFrom, labelOutput, combine, ...rules, encoding: definition })
  return {
    rules,
    rewardFrom,
    combine,
    labelOutput,
    encoding,
    state: {
      endpoint: name,
      generation,
      windowMs,
      bucketMs,
      hold: delay === 'hold',
      // Only where silence is judged by its age are pulls of open buckets looked at by context.
      heldUnread: !(delay === 'corrected' && encoding !== undefined),
      ...(retentionMs !== undefined && { retentionMs }),
    },
  }
}
