import { tensorFromJson, tensorToJson } from '../../model-workers/protocol/json.ts'
import type { TensorSpec } from '../../model-workers/protocol/types.ts'
import { unusable, type Client, type Reply } from './client.ts'
import { reshape } from './reshape.ts'
import type { Row } from './read-rows.ts'

/** What comes of one row: its line in the output. */
export interface Answered {
  readonly line: string
  /** The row itself is at fault. */
  readonly isRefused: boolean
}

export interface Ask {
  /** Undefined = the policy draws one for each row. */
  readonly arm: string | undefined
  /** Rejects where the next row would fare no better. */
  row(this: void, row: Row): Promise<Answered>
}

export interface AskDeps {
  readonly client: Client
  readonly endpoint: string
  readonly run: string
  /** `best` is the one that is likeliest to be best now. */
  readonly arm: string | undefined
  /** Whether rows share batches and arms stand in for each other, so that no two runs are the same to the last bit. */
  readonly isFast: boolean
}

interface EndpointBody {
  readonly inputs?: readonly TensorSpec[]
  readonly arms: readonly { readonly name: string; readonly probability_best?: number }[]
}

/** What is at fault with a row; anything else is at fault with the run. */
const faultsOfRows = new Set([400, 413, 422])

export async function createAsk({ client, endpoint, run, arm, isFast }: AskDeps): Promise<Ask> {
  if (arm === undefined) return { arm, row: (row) => answer(row, (body) => predict(row, body)) }
  const found = await client.get(`/endpoints/${encodeURIComponent(endpoint)}`)
  if (found.status !== 200) throw refusal(found)
  const { inputs: specs = [], arms } = found.body as unknown as EndpointBody
  const chosen = arm === 'best' ? bestOf(arms) : arm
  if (!arms.some(({ name }) => name === chosen))
    throw new Error(`${endpoint} has no arm ${chosen}: there are ${arms.map(({ name }) => name).join(', ')}`)
  return { arm: chosen, row: (row) => answer(row, (body) => inferBy(chosen, specs, body)) }

  /** The id makes the same row the same decision, whenever it is asked again; it stands for the prediction in feedback. */
  async function predict({ number }: Row, body: object): Promise<object | Reply> {
    const id = `${run}-${number}`
    const asked = { ...body, id, ...(!isFast && { exact: true }) }
    const reply = await client.post(`/predict/${encodeURIComponent(endpoint)}`, asked)
    if (reply.status !== 200) return reply
    const { prediction_id, arm: by, outputs, decision } = reply.body
    const { propensity, recorded } = decision as { readonly propensity: number; readonly recorded?: false }
    return { id, arm: by, propensity, ...(recorded === false && { prediction_id }), outputs }
  }

  /** A named arm is only looked at: there is nothing to learn of it, as nobody chose. */
  async function inferBy(name: string, known: readonly TensorSpec[], body: object): Promise<object | Reply> {
    const { inputs } = body as { readonly inputs: Readonly<Record<string, unknown>> }
    const missing = known.find((spec) => !Object.hasOwn(inputs, spec.name))
    if (missing !== undefined) throw new TypeError(`input "${missing.name}" is missing`)
    const tensors = known.map((spec) => {
      const { datatype, shape, ...tensor } = tensorFromJson(spec, inputs[spec.name])
      return { name: spec.name, datatype, shape, data: tensorToJson({ datatype, shape, ...tensor }) }
    })
    const path = `/v2/models/${encodeURIComponent(endpoint)}/versions/${encodeURIComponent(name)}/infer`
    const parameters = isFast ? undefined : { exact: true }
    const reply = await client.post(path, { inputs: tensors, parameters })
    if (reply.status !== 200) return reply
    const outputs = reply.body['outputs'] as readonly OipOutput[]
    return {
      arm: name,
      propensity: 1,
      outputs: Object.fromEntries(outputs.map((each) => [each.name, reshape(each.data, each.shape)])),
    }
  }
}

interface OipOutput {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: readonly unknown[]
}

async function answer(
  { number, body }: Row,
  ask: (body: object) => Promise<object | Reply>,
): Promise<Answered> {
  if ('unreadable' in body && !('inputs' in body)) return refused(number, String(body['unreadable']))
  let given: object | Reply
  try {
    given = await ask(body)
  } catch (error) {
    // What a row says that no tensor can be made of.
    if (error instanceof TypeError || (error as Error).name === 'TensorFault')
      return refused(number, (error as Error).message)
    throw error
  }
  if (!isReply(given)) return { line: JSON.stringify({ row: number, ...given }), isRefused: false }
  if (!faultsOfRows.has(given.status) && given.code !== unusable) throw refusal(given)
  const { detail, pointer, error } = given.body
  return {
    line: JSON.stringify({ row: number, error: { code: given.code, detail: detail ?? error, pointer } }),
    isRefused: true,
  }
}

function refused(row: number, detail: string): Answered {
  return { line: JSON.stringify({ row, error: { code: 'unreadable', detail } }), isRefused: true }
}

function isReply(given: object): given is Reply {
  return 'status' in given && 'body' in given
}

function refusal({ status, body }: Reply): Error {
  const { detail, error } = body
  return new Error(`the gateway answers ${status}: ${JSON.stringify(detail ?? error)}`)
}

function bestOf(arms: EndpointBody['arms']): string {
  const [best] = arms.toSorted((a, b) => (b.probability_best ?? 0) - (a.probability_best ?? 0))
  return best!.name
}
