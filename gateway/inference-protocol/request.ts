import type { Context } from '../../bandit/index.ts'
import { decodeRequest, type DecodedRequest } from '../../model-workers/protocol/binary.ts'
import { checkInputs } from '../../model-workers/protocol/check-inputs.ts'
import { ProtocolFault, TensorFault } from '../../model-workers/protocol/faults.ts'
import { headerLengthName, readHeaderLength } from '../../model-workers/protocol/head.ts'
import type { InferRequest, Parameters, Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import { checkJson } from '../http/parse-json.ts'
import { readBody } from '../http/read-body.ts'
import type { AppContext } from '../http/request-info.ts'
import { checkRows } from '../predict/inputs.ts'
import { decompress } from './compression.ts'
import { readRawRequest } from './raw-request.ts'

/** Keys of the head; a tensor has a few. */
const maxKeys = 1000

/**
 * The inference that a request asks for. What stands in front of its tensors is told by the length header alone:
 * clients are known to send any content type.
 *
 * @throws GatewayError malformed_inference, too_deep, too_many_keys, body_too_large, broken_body, unsupported_encoding
 */
export async function readInference(
  c: AppContext,
  specs: readonly TensorSpec[],
  limit: number,
): Promise<DecodedRequest> {
  const sent = await readBody(c, limit)
  const body = await decompress(sent, c.req.header('content-encoding'), limit)
  return faultsAsErrors(() => {
    const length = readHeaderLength(c.req.header(headerLengthName))
    if (length === 0 && body.length > 0) return readRawRequest(body, specs)
    checkJson(length === undefined ? body : body.subarray(0, length), maxKeys)
    return decodeRequest(length, body)
  })
}

/**
 * The inputs in the order of the specs.
 *
 * @throws GatewayError malformed_inference, row_mismatch, invalid_input
 */
export function orderInputs({ inputs }: InferRequest, specs: readonly TensorSpec[]): Tensor[] {
  faultsAsErrors(() => checkInputs(specs, inputs))
  const ordered = specs.map(({ name }) => inputs.find((input) => input.name === name)!)
  checkRows(ordered, specs)
  return ordered
}

/**
 * @param made outputs that there will be, whatever is known of them
 * @throws GatewayError malformed_inference for an output that the endpoint has not
 */
export function checkOutputs(
  { outputs = [] }: InferRequest,
  specs: readonly TensorSpec[],
  made?: ReadonlySet<string>,
): void {
  const unknown = outputs.find(
    (name) => made?.has(name) !== true && !specs.some((spec) => spec.name === name),
  )
  if (unknown === undefined) return
  const names = specs.map(({ name }) => `"${name}"`).join(', ')
  throw new GatewayError('malformed_inference', `there is no output "${unknown}": ask for some of ${names}`)
}

/** What the parameters of a request tell the policy. Others are for servers of other kinds, and passed over. */
export interface Asked {
  /** Whom the prediction is for: `key`. */
  readonly unit: string | undefined
  /** Each `context.<feature>`. */
  readonly context: Context | undefined
  /** Whether a prediction whose arm the caller names is a pull all the same: `learn`. */
  readonly learn: boolean
  /** Whether the same inputs have to get the same bytes: `exact`. */
  readonly exact: boolean
}

const contextPrefix = 'context.'
const maxKeyLength = 256

/** @throws GatewayError invalid_field */
export function readAsked(parameters: Parameters = {}): Asked {
  const { key, learn = false, exact = false } = parameters
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > maxKeyLength)) {
    throw new GatewayError('invalid_field', `parameters.key must be text of 1 to ${maxKeyLength} characters`)
  }
  if (typeof learn !== 'boolean')
    throw new GatewayError('invalid_field', 'parameters.learn must be true or false')
  if (typeof exact !== 'boolean')
    throw new GatewayError('invalid_field', 'parameters.exact must be true or false')
  const features = Object.entries(parameters)
    .filter(([name]) => name.startsWith(contextPrefix))
    .map(([name, value]) => [name.slice(contextPrefix.length), value] as const)
  return {
    unit: key,
    context: features.length === 0 ? undefined : Object.fromEntries(features),
    learn,
    exact,
  }
}

function faultsAsErrors<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof ProtocolFault) && !(cause instanceof TensorFault)) throw cause
    throw new GatewayError('malformed_inference', cause.message, { cause })
  }
}
