import './no-telemetry.ts'
import * as runtime from 'onnxruntime-node'

/**
 * onnxruntime-node 1.30 hands out the bits of float16 tensors as Uint16Array but, where the engine has a
 * Float16Array, insists on that and breaks. It looks for the global once, when the first tensor is made, so it must
 * not find it then; nobody else needs to miss it.
 */
const globals = globalThis as { Float16Array?: unknown }
const float16Array = globals.Float16Array
delete globals.Float16Array
try {
  void new runtime.Tensor('float16', new Uint16Array(1), [1])
} finally {
  if (float16Array !== undefined) globals.Float16Array = float16Array
}

export const { InferenceSession, Tensor } = runtime
export type Session = runtime.InferenceSession
export type SessionValue = runtime.Tensor
export type ValueMetadata = runtime.InferenceSession.ValueMetadata
