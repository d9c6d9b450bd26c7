import type { Tensor } from './types.ts'

/** Floats of two bytes: through a DataView, as inference processes have to do without the global Float16Array. */
export type HalfDatatype = 'FP16' | 'BF16'

export function isHalf(tensor: Tensor): tensor is Tensor & { readonly datatype: HalfDatatype } {
  return tensor.datatype === 'FP16' || tensor.datatype === 'BF16'
}

export function readHalves({ datatype, bytes }: Tensor & { readonly datatype: HalfDatatype }): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read =
    datatype === 'FP16' ? (at: number) => view.getFloat16(at, true) : (at: number) => readBrain(view, at)
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => read(2 * i))
}

export function writeHalf(view: DataView, at: number, value: number, datatype: HalfDatatype): void {
  if (datatype === 'FP16') view.setFloat16(at, value, true)
  else view.setUint16(at, toBrain(value), true)
}

const scratch = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
function readBrain(view: DataView, at: number): number {
  scratch.setUint32(0, view.getUint16(at, true) * 2 ** 16)
  return scratch.getFloat32(0)
}

/** To the nearest, ties to even; a NaN stays one. */
function toBrain(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}
