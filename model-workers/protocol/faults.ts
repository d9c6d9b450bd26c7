export type TensorFaultCode = 'wrong_type' | 'wrong_shape' | 'out_of_range'

/** A value that cannot be the tensor it should be. The message says what was found, expected, and how to mend it. */
export class TensorFault extends Error {
  readonly code: TensorFaultCode
  /** JSON pointer to the offending part, relative to the tensor's value; '' is the whole. */
  readonly pointer: string
  constructor(code: TensorFaultCode, pointer: string, message: string) {
    super(message)
    this.name = 'TensorFault'
    this.code = code
    this.pointer = pointer
  }
}

/**
 * bad_header_length: the JSON head's length does not fit the body.
 * bad_json: the head is not JSON text.
 * bad_message: the head is JSON, but not a request or response of the protocol.
 * bad_tensor: a tensor's data does not fit its declared datatype and shape.
 * unsupported: legal in the protocol, not served here.
 */
export type ProtocolFaultCode =
  | 'bad_header_length'
  | 'bad_json'
  | 'bad_message'
  | 'bad_tensor'
  | 'unsupported'

/** A message that breaks the protocol; always the sender's fault. */
export class ProtocolFault extends Error {
  readonly code: ProtocolFaultCode
  constructor(code: ProtocolFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProtocolFault'
    this.code = code
  }
}
