import type { Label } from '../types.ts'

export type Score =
  | { readonly status: 'scored'; readonly reward: number }
  | { readonly status: 'invalid'; readonly detail: string }

/**
 * Accuracy: the share of rows whose predicted label is the true one, in [0, 1]. A label of another type than the
 * model's would silently score 0 for ever, so it is refused.
 */
export function scoreAccuracy(predicted: readonly Label[], truth: Label | readonly Label[]): Score {
  const labels: readonly Label[] = Array.isArray(truth) ? truth : [truth as Label]
  if (labels.length !== predicted.length) {
    return invalid(
      `this prediction has ${predicted.length} row(s): send as many labels, not ${labels.length}`,
    )
  }
  let right = 0
  for (const [row, label] of labels.entries()) {
    const prediction = predicted[row]!
    if (typeof prediction !== typeof label) {
      return invalid(
        `the model's labels are ${typeof prediction}s: send a ${typeof prediction}, not ${JSON.stringify(label)}`,
      )
    }
    if (prediction === label) right += 1
  }
  return { status: 'scored', reward: right / labels.length }
}

function invalid(detail: string): Score {
  return { status: 'invalid', detail }
}
