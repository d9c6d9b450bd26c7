import { ProtocolFault } from './faults.ts'
import {
  asList,
  asName,
  asObject,
  asOptionalString,
  asParameters,
  headerLengthName,
  parseHead,
  pickParameters,
  splitBody,
} from './head.ts'
import { knowHeads } from './known-heads.ts'
import { readAnnounced, readTensors, toBinaryWire, toJsonWire } from './tensors.ts'
import type { InferRequest, InferResponse, Parameters, Tensor } from './types.ts'

/** One HTTP message: JSON head and, behind it, raw tensors back to back. */
export interface Message {
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** All inputs travel in binary, and all outputs are asked for in binary. */
export function encodeRequest(request: InferRequest): Message {
  const head = {
    id: request.id,
    parameters: { ...request.parameters, binary_data_output: true },
    inputs: request.inputs.map(toBinaryWire),
    outputs: request.outputs?.map((name) => ({ name })),
  }
  return frame(JSON.stringify(head), request.inputs)
}

/**
 * The same in JSON alone, for servers without the binary extension.
 *
 * @throws TensorFault when an input holds what JSON has no words for
 */
export function encodeJsonRequest({ id, parameters, inputs, outputs }: InferRequest): Message {
  const names = outputs?.map((name) => ({ name }))
  return frame(JSON.stringify({ id, parameters, inputs: inputs.map(toJsonWire), outputs: names }), [])
}

export interface DecodedRequest {
  readonly request: InferRequest
  /** Whether the client wants this output in binary rather than JSON. */
  readonly binaryOutput: (name: string) => boolean
}

/**
 * Reads an inference request with JSON and binary inputs, mixed as they come. Binary tensors are views of `body`.
 * The parameter `binary_data_output` is answered by `binaryOutput` and left out of the request's parameters.
 *
 * @param headerLength the Inference-Header-Content-Length header; undefined = the whole body is JSON
 * @throws ProtocolFault
 */
export function decodeRequest(headerLength: number | undefined, body: Uint8Array): DecodedRequest {
  const { head, binary } = splitBody(headerLength, body)
  const { announced, shared, binaryOutput } = (headerLength === undefined ? parseRequest : knownRequest)(head)
  return { request: { ...shared, inputs: readTensors(announced, binary) }, binaryOutput }
}

const knownRequest = knowHeads(parseRequest)

function parseRequest(bytes: Buffer) {
  const head = parseHead(bytes)
  const announced = readAnnounced(head, 'inputs')
  if (announced.length === 0) throw new ProtocolFault('bad_message', 'inputs must name at least one tensor')
  const id = asOptionalString(head.json['id'], 'id')
  const { binary_data_output: binaryByDefault, ...parameters } =
    asParameters(head.json['parameters'], 'parameters') ?? {}
  const wanted = readWantedOutputs(head.json['outputs'])
  const shared = {
    ...(id === undefined ? {} : { id }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...(wanted.size === 0 ? {} : { outputs: [...wanted.keys()] }),
  }
  const binaryOutput = (name: string) => (wanted.get(name)?.['binary_data'] ?? binaryByDefault) === true
  return { announced, shared, binaryOutput }
}

function readWantedOutputs(value: unknown): Map<string, Parameters | undefined> {
  const wanted = new Map<string, Parameters | undefined>()
  if (value === undefined) return wanted
  for (const [i, item] of asList(value, 'outputs').entries()) {
    const output = asObject(item, `outputs[${i}]`)
    const name = asName(output['name'], `outputs[${i}].name`)
    const parameters = asParameters(output['parameters'], `outputs[${i}].parameters`)
    if (parameters !== undefined) refuseOtherForms(parameters, `outputs[${i}]`)
    wanted.set(name, parameters)
  }
  return wanted
}

/** Extensions that change what an output is: whoever asks for one and got the tensor would read something else into it. */
function refuseOtherForms({ classification = 0, shared_memory_region }: Parameters, where: string): void {
  if (classification !== 0)
    throw new ProtocolFault(
      'unsupported',
      `${where}: classification is not served: ask for the tensor itself`,
    )
  if (shared_memory_region !== undefined)
    throw new ProtocolFault('unsupported', `${where}: shared memory is not served: take the bytes themselves`)
}

/**
 * Outputs for which `binaryOutput` is true travel in binary, the others as flat JSON lists.
 *
 * @throws TensorFault when an output that is not binary holds what JSON has no words for
 */
export function encodeResponse(response: InferResponse, binaryOutput: (name: string) => boolean): Message {
  const binary: Tensor[] = []
  const outputs = response.outputs.map((output) => {
    if (!binaryOutput(output.name)) return toJsonWire(output)
    binary.push(output)
    return toBinaryWire(output)
  })
  const { modelName, modelVersion, id, parameters } = response
  return frame(
    JSON.stringify({ model_name: modelName, model_version: modelVersion, id, parameters, outputs }),
    binary,
  )
}

/**
 * Reads an inference response; binary outputs are views of `body`. A server that leaves out `model_name` gets ''.
 *
 * @param headerLength the Inference-Header-Content-Length header; undefined = the whole body is JSON
 * @throws ProtocolFault
 */
export function decodeResponse(headerLength: number | undefined, body: Uint8Array): InferResponse {
  const { head, binary } = splitBody(headerLength, body)
  const { announced, shared } = (headerLength === undefined ? parseResponse : knownResponse)(head)
  return { ...shared, outputs: readTensors(announced, binary) }
}

const knownResponse = knowHeads(parseResponse)

function parseResponse(bytes: Buffer) {
  const head = parseHead(bytes)
  const modelVersion = asOptionalString(head.json['model_version'], 'model_version')
  const id = asOptionalString(head.json['id'], 'id')
  const parameters = pickParameters(head.json['parameters'], 'parameters')
  const shared = {
    modelName: asOptionalString(head.json['model_name'], 'model_name') ?? '',
    ...(modelVersion === undefined ? {} : { modelVersion }),
    ...(id === undefined ? {} : { id }),
    ...(parameters === undefined ? {} : { parameters }),
  }
  return { announced: readAnnounced(head, 'outputs'), shared }
}

/** With no raw bytes behind the head the message is plain JSON. */
function frame(json: string, tensors: readonly Tensor[]): Message {
  const head = Buffer.from(json)
  const body = Buffer.concat([head, ...tensors.map((tensor) => tensor.bytes)])
  if (body.length === head.length) return { headers: { 'content-type': 'application/json' }, body }
  return {
    headers: {
      'content-type': 'application/octet-stream',
      [headerLengthName]: `${head.length}`,
    },
    body,
  }
}
