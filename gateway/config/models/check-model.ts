import { checkFit } from './check-fit.ts'
import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, isRaw, partOf } from '../reading/raw.ts'

const onnxOnly = ['sha256', 'copy', 'replicas', 'reload', 'memory'] as const
const urlOnly = ['protocol', 'name', 'version', 'headers_env', 'tls', 'ready', 'inputs', 'outputs'] as const

/** Headers of the connection and of the body: nobody else may set them. */
const own = /^(content-.*|host|connection|transfer-encoding|inference-header-.*|accept-encoding)$/i

/** A model is a file or a server, and says no more than concerns the one that it is. */
export function* checkModel(path: Path, model: unknown): Iterable<CrossFault> {
  if (!isRaw(model)) return
  const has = (key: string) => partOf(model, key) !== undefined
  if (has('onnx') === has('url')) {
    yield { path, message: 'a model is either an ONNX file or a server: give onnx or url' }
    return
  }
  const [others, mend] = has('onnx')
    ? [urlOnly, 'only a model with a url has this: take it out']
    : [onnxOnly, 'only a model with an onnx file has this: take it out']
  for (const key of others.filter(has)) yield { path: [...path, key], message: mend, atKey: true }
  if (has('url')) yield* checkRemote(path, model)
  yield* checkFit(path, model)
}

function* checkRemote(path: Path, model: unknown): Iterable<CrossFault> {
  for (const url of [partOf(model, 'url')].flat()) {
    const parsed = typeof url === 'string' ? URL.parse(url) : null
    if (parsed === null || (parsed.username === '' && parsed.password === '')) continue
    const message = 'a password does not belong in this file: send it as a header, by headers_env'
    yield { path: [...path, 'url'], message }
  }
  for (const [header] of entriesOf(model, 'headers_env')) {
    if (!own.test(header)) continue
    const message = 'this header is set by the gateway: take it out'
    yield { path: [...path, 'headers_env', header], message, atKey: true }
  }
  const protocol = partOf(model, 'protocol') ?? 'open-inference'
  yield* checkTensors(path, model, protocol)
  if (protocol === 'json') {
    for (const key of ['name', 'version'].filter((each) => partOf(model, each) !== undefined)) {
      const message = 'with protocol: json the url is all that is asked for: take it out'
      yield { path: [...path, key], message, atKey: true }
    }
  } else if (partOf(model, 'ready') !== undefined) {
    const message = 'its protocol has a question for that: take it out'
    yield { path: [...path, 'ready'], message, atKey: true }
  }
}

function* checkTensors(path: Path, model: unknown, protocol: unknown): Iterable<CrossFault> {
  for (const side of ['inputs', 'outputs']) {
    const tensors = entriesOf(model, side)
    if (tensors.length === 0 && protocol !== 'open-inference') {
      const message = `with protocol: ${String(protocol)} nobody else says what it takes and answers: add ${side}`
      yield { path, message }
    }
    for (const [name, tensor] of tensors) {
      const here = [...path, side, name]
      const isPlaced = partOf(tensor, 'at') !== undefined
      if (protocol === 'json' && !isPlaced) {
        yield { path: here, message: 'say where in the JSON it stands: add at, such as /instances' }
      }
      if (protocol !== 'json' && isPlaced) {
        yield { path: [...here, 'at'], message: 'only protocol: json has this: take it out', atKey: true }
      }
      if (protocol === 'json' && partOf(tensor, 'as') !== undefined) {
        yield { path: [...here, 'as'], message: 'at says it all: take it out', atKey: true }
      }
    }
  }
}
