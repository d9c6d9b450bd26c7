/** What somebody needs to know of an endpoint to call it by hand. */
export interface CallableEndpoint {
  readonly name: string
  /** `predict` when absent. */
  readonly verb?: 'predict' | 'decide'
  /** A valid request. */
  readonly body: Readonly<Record<string, unknown>>
  /** What feedback about its predictions says. */
  readonly feedback: 'label' | 'reward'
  /** Its true label, where it is known. */
  readonly label?: number
}

const json = "-H 'content-type: application/json'"

/** The caller's own name for the prediction: with it every command can be pasted as it is. */
const id = 'first-try'

/** Commands to paste, from a prediction to what was learned from its feedback. */
export const howToCall = (origin: string, endpoints: readonly CallableEndpoint[]): string => {
  const lines = endpoints.flatMap(({ name, verb = 'predict', body, feedback, label = 7 }) => [
    `Ask ${name}:`,
    `  curl ${origin}/${verb}/${name} ${json} -d ${quote(JSON.stringify({ id, ...body }))}`,
    'Tell it how that went, by that id or by the prediction_id of the answer:',
    `  curl ${origin}/feedback ${json} -d ${quote(JSON.stringify({ endpoint: name, id, ...(feedback === 'label' ? { label } : { reward: 1 }) }))}`,
    'See what it has learned:',
    `  curl ${origin}/endpoints/${name}`,
    '',
  ])
  return [...lines, `Metrics: ${origin}/metrics   Readiness: ${origin}/readyz`].join('\n')
}

/** One word of a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
