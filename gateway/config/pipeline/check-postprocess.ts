import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import {
  postprocess as postprocessSchema,
  type CalibrateInput,
  type PostStepInput,
} from './postprocess-schema.ts'
import { partOf } from '../reading/raw.ts'

/** Steps that are one thing each, and leave what rewards are made of. */
export function* checkPostprocess(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const shape = postprocessSchema.safeParse(partOf(endpoint, 'postprocess'))
  if (!shape.success) return
  const where = [...path, 'postprocess']
  for (const [at, step] of shape.data.entries()) {
    const names = Object.entries(step).filter(([, setting]) => setting !== undefined)
    if (names.length !== 1) {
      const message = 'a step is one thing, such as { keep: [label] }: give exactly one'
      yield { path: [...where, at], message }
    }
    if (step.calibrate !== undefined) yield* checkCalibrate([...where, at, 'calibrate'], step.calibrate)
    if (step.slate !== undefined) yield* checkSlate([...where, at, 'slate'], step.slate, endpoint)
  }
  yield* checkLabel(where, shape.data, endpoint)
}

function* checkCalibrate(path: Path, calibrate: CalibrateInput): Iterable<CrossFault> {
  const { platt, isotonic, temperature, classes } = calibrate
  const given = [platt, isotonic, temperature, classes].filter((each) => each !== undefined)
  if (given.length !== 1) {
    yield {
      path,
      message: 'give one of platt, isotonic, temperature, or classes with one of the first two each',
    }
  }
  for (const [at, each] of (classes ?? []).entries()) {
    if ((each.platt === undefined) !== (each.isotonic === undefined)) continue
    yield { path: [...path, 'classes', at], message: 'give one of platt and isotonic' }
  }
}

function* checkSlate(
  path: Path,
  slate: NonNullable<PostStepInput['slate']>,
  endpoint: unknown,
): Iterable<CrossFault> {
  if (partOf(partOf(endpoint, 'preprocess'), 'tensors') === undefined) {
    const message =
      'its candidates are named by a field, and this endpoint takes tensors: declare preprocess.tensors'
    yield { path, message, atKey: true }
  }
  const { cap, exposure, k } = slate
  if (cap === undefined || cap.by !== exposure?.by) return
  for (const [group, least] of Object.entries(exposure.least)) {
    if (Math.floor(least * k + 1e-9) <= cap.most) continue
    const message = `${least} of ${k} places are more than the cap of ${cap.most}: raise the cap or lower the share`
    yield { path: [...path, 'exposure', 'least', group], message }
  }
}

/** True labels are compared with what was shown. */
function* checkLabel(path: Path, steps: readonly PostStepInput[], endpoint: unknown): Iterable<CrossFault> {
  const reward = partOf(endpoint, 'reward')
  if (partOf(reward, 'from') !== 'label') return
  const label = partOf(reward, 'output') ?? 'label'
  for (const [at, { keep }] of steps.entries()) {
    if (keep === undefined || keep.some((name) => name === label)) continue
    const message = `true labels are compared with ${JSON.stringify(label)}: keep it too`
    yield { path: [...path, at, 'keep'], message }
  }
}
