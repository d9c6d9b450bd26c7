import { resolve } from 'node:path'
import type { CalibrateConfig, CalibratorConfig, PostStepConfig } from './postprocess.ts'
import type { CalibrateInput, CalibratorInput, PostStepInput } from './postprocess-schema.ts'

/** A step that has been seen to have exactly one name. */
export function toPostStep(step: PostStepInput, folder = '.'): PostStepConfig {
  const { calibrate, threshold, labels, top_k: topK, slate, module, keep } = step
  if (module !== undefined) return { kind: 'module', ...module, file: resolve(folder, module.file) }
  if (calibrate !== undefined) return toCalibrate(calibrate)
  if (threshold !== undefined) return { kind: 'threshold', ...threshold, column: threshold.column }
  if (labels !== undefined) {
    const names = new Map(Object.entries(labels.names))
    return { kind: 'labels', output: labels.output, to: labels.to ?? labels.output, names }
  }
  if (topK !== undefined) return { kind: 'top_k', ...topK, names: topK.names }
  if (slate !== undefined) {
    const { freshness, exposure } = slate
    return {
      kind: 'slate',
      ...slate,
      column: slate.column,
      freshness: freshness && { age: freshness.age, halfLife: freshness.half_life },
      diversity: slate.diversity,
      cap: slate.cap,
      exposure: exposure && { by: exposure.by, least: new Map(Object.entries(exposure.least)) },
    }
  }
  return { kind: 'keep', outputs: keep! }
}

function toCalibrate({
  output,
  to = output,
  temperature,
  classes,
  ...alone
}: CalibrateInput): CalibrateConfig {
  const by = temperature === undefined ? (classes ?? [alone]).map(toCalibrator) : { temperature }
  return { kind: 'calibrate', output, to, by }
}

function toCalibrator({ platt, isotonic }: CalibratorInput): CalibratorConfig {
  return platt === undefined ? { kind: 'isotonic', ...isotonic! } : { kind: 'platt', ...platt }
}
