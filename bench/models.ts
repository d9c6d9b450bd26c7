import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { median } from './median.ts'

const example = (relative: string): string =>
  fileURLToPath(new URL(`../examples/digits/${relative}`, import.meta.url))

/** The first images of the example's stream, 64 pixels each. */
export const readImages = async (count: number): Promise<readonly (readonly number[])[]> => {
  const lines = (await readFile(example('stream.ndjson'), 'utf8')).split('\n').slice(0, count)
  return lines.map((line) => (JSON.parse(line) as { pixels: number[] }).pixels)
}

export interface TimedModel {
  readonly name: string
  readonly file: string
  /** Median of one call with one row, in this process. */
  readonly callUs: number
}

const warmUpCalls = 500
const timedCalls = 2_000

export const timeModels = async (names: readonly string[]): Promise<readonly TimedModel[]> => {
  const [image] = await readImages(1)
  const timed: TimedModel[] = []
  for (const file of names.map((name) => example(`models/${name}.onnx`))) {
    const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 })
    const feeds = { pixels: new Tensor('float32', Float32Array.from(image!), [1, image!.length]) }
    const calls: number[] = []
    for (let call = 0; call < warmUpCalls + timedCalls; call += 1) {
      const startedAt = performance.now()
      await session.run(feeds)
      calls.push((performance.now() - startedAt) * 1e3)
    }
    await session.release()
    timed.push({ name: basename(file, '.onnx'), file, callUs: median(calls.slice(warmUpCalls)) })
  }
  return timed
}

/** One model of about 10 µs a call, where the way there is what costs, and one of at least 50 µs. */
export const chooseModels = (timed: readonly TimedModel[]): readonly TimedModel[] => {
  const distance = ({ callUs }: TimedModel) => Math.abs(Math.log(callUs / 10))
  const quick = timed.toSorted((a, b) => distance(a) - distance(b))[0]!
  const bySpeed = timed.toSorted((a, b) => a.callUs - b.callUs)
  const slow = bySpeed.find(({ callUs }) => callUs >= 50) ?? bySpeed.at(-1)!
  return quick === slow ? [quick] : [quick, slow]
}
