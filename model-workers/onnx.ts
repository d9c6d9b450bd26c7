import { access, constants } from 'node:fs/promises'
import type { Logger } from 'pino'
import { type Model, ModelFault } from './model.ts'
import { fromOrt, toDatatype, toOrt } from './onnx-tensors.ts'
import { InferenceSession, type Session, type SessionValue, type ValueMetadata } from './onnxruntime.ts'
import { demandBounds } from './signature-bounds.ts'
import { checkInputs } from './protocol/check-inputs.ts'
import { TensorFault } from './protocol/faults.ts'
import type { InferRequest, ModelMetadata, Tensor, TensorSpec } from './protocol/types.ts'

export interface OnnxOptions {
  readonly path: string
  /** What the file is called in faults; its path when absent. */
  readonly source?: string | undefined
  readonly name: string
  readonly version: string
  readonly logger: Pick<Logger, 'warn'>
}

/** One thread: replicas are processes, and small models lose more by handing work round than they gain. */
const sessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Its own lines on stderr are not JSON; what it has to say comes as errors too.
  logSeverityLevel: 4,
} as const

/** Loads the ONNX file at `path`. Throws a ModelFault: missing, corrupt or unsupported. */
export async function openOnnxModel(options: OnnxOptions): Promise<Model> {
  const { path, source = path, name, version, logger } = options
  const session = await load(path, source)
  const inputs = session.inputMetadata.map((value) => {
    const spec = toSpec(value)
    if (spec !== undefined) return spec
    throw new ModelFault(
      'unsupported',
      `${source}: the input "${value.name}" is not a tensor that can be sent`,
    )
  })
  const outputs = session.outputMetadata.flatMap((value) => toSpec(value) ?? [])
  const dropped = session.outputMetadata
    .filter((value) => toSpec(value) === undefined)
    .map(({ name }) => name)
  if (outputs.length === 0) {
    throw new ModelFault('unsupported', `${source}: no output is a tensor; export it without ZipMap`)
  }
  demandBounds(source, 'inputs', inputs)
  demandBounds(source, 'outputs', outputs)
  if (dropped.length > 0) logger.warn({ model: name, dropped }, 'outputs that are not tensors are left out')
  const metadata = { name, versions: [version], platform: 'onnxruntime_onnx', inputs, outputs }
  return {
    metadata,
    infer: (request) => infer(session, metadata, request),
    close: () => session.release(),
  }
}

async function load(path: string, source: string): Promise<Session> {
  try {
    await access(path, constants.R_OK)
  } catch (cause) {
    throw new ModelFault('missing', `${source} cannot be read: check the path and its permissions`, { cause })
  }
  try {
    return await InferenceSession.create(path, sessionOptions)
  } catch (cause) {
    const message = `${source} is not a model that can be loaded (${reason(cause)}): export it again`
    throw new ModelFault('corrupt', message, { cause })
  }
}

/** What onnxruntime says, without the path that the fault already names and the lines after the first. */
function reason(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n')
  return line.replace(/^Load model from .* failed:/, '')
}

function toSpec(value: ValueMetadata): TensorSpec | undefined {
  if (!value.isTensor) return undefined
  const datatype = toDatatype(value.type)
  if (datatype === undefined) return undefined
  const shape = value.shape.map((dimension) => (typeof dimension === 'number' ? dimension : -1))
  return { name: value.name, datatype, shape }
}

async function infer(
  session: Session,
  metadata: ModelMetadata,
  request: InferRequest,
): Promise<readonly Tensor[]> {
  checkInputs(metadata.inputs, request.inputs)
  const wanted = wantedOutputs(metadata, request)
  const feeds = Object.create(null) as Record<string, SessionValue>
  for (const input of request.inputs) feeds[input.name] = toOrt(input)
  try {
    const results = await session.run(feeds, wanted, { logSeverityLevel: 4 })
    return wanted.map((name) => fromOrt(name, results[name]!))
  } catch (cause) {
    throw new ModelFault('failed', `the model "${metadata.name}" failed on these inputs`, { cause })
  }
}

function wantedOutputs(metadata: ModelMetadata, request: InferRequest): readonly string[] {
  const known = metadata.outputs.map(({ name }) => name)
  if (request.outputs === undefined || request.outputs.length === 0) return known
  const unknown = request.outputs.find((name) => !known.includes(name))
  if (unknown === undefined) return request.outputs
  throw new TensorFault(
    'wrong_shape',
    '',
    `found the output "${unknown}", expected some of "${known.join('", "')}"`,
  )
}
