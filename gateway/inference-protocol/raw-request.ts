import type { DecodedRequest } from '../../model-workers/protocol/binary.ts'
import { bytesPerElement, elementCount } from '../../model-workers/protocol/sizes.ts'
import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'

/**
 * A request whose head has length 0: its body is the one input that the endpoint takes, as it is, and all outputs
 * come back in binary.
 *
 * @throws GatewayError malformed_inference
 */
export function readRawRequest(body: Buffer, specs: readonly TensorSpec[]): DecodedRequest {
  const [spec] = specs
  if (spec === undefined || specs.length !== 1) {
    throw malformed(`a body without a head can be one input, and the endpoint takes ${specs.length}`)
  }
  return { request: { inputs: [toTensor(spec, body)] }, binaryOutput: () => true }
}

function toTensor({ name, datatype, shape }: TensorSpec, body: Buffer): Tensor {
  const size = bytesPerElement(datatype)
  if (size === undefined) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(body.length)
    return { name, datatype, shape: shape.map(() => 1), bytes: Buffer.concat([length, body]) }
  }
  const free = shape.filter((dimension) => dimension === -1).length
  const known = size * elementCount(shape.filter((dimension) => dimension !== -1))
  const length = body.length / known
  const fits = free === 0 ? length === 1 : Number.isInteger(length)
  if (free > 1 || !fits) {
    throw malformed(
      `${body.length} bytes are not "${name}" (${datatype} [${shape.join(', ')}]): send a head too`,
    )
  }
  const settled = shape.map((dimension) => (dimension === -1 ? length : dimension))
  return { name, datatype, shape: settled, bytes: body }
}

function malformed(detail: string): GatewayError {
  return new GatewayError('malformed_inference', detail)
}
