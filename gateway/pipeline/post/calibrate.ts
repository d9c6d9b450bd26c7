import type { CalibrateConfig, CalibratorConfig } from '../../config/pipeline/postprocess.ts'
import { withSpecs, type PostStep } from './post-step.ts'
import { numbersOf, OutputFault, rowsOf } from './outputs.ts'

type Calibrator = (score: number) => number

/** Scores become probabilities, as those of scikit-learn's CalibratedClassifierCV. */
export function calibrateStep({ output, to, by }: CalibrateConfig): PostStep {
  const calibrate = 'temperature' in by ? tempered(by.temperature) : byClass(by.map(toCalibrator), output)
  return {
    makes: [to],
    describe(specs) {
      const { shape = [-1] } = specs.find(({ name }) => name === output) ?? {}
      return withSpecs(specs, [{ name: to, datatype: 'FP64', shape }])
    },
    run: (outputs) => ({ ...outputs, [to]: rowsOf(outputs, output).map((row) => calibrate(row, output)) }),
  }
}

/** One calibrator is that of the positive class; several are one for each class, and their sum becomes 1. */
function byClass(calibrators: readonly Calibrator[], output: string): (row: unknown) => unknown {
  const [positive] = calibrators
  return (row) => {
    if (typeof row === 'number' && calibrators.length === 1) return positive!(row)
    const scores = numbersOf(row, output)
    if (calibrators.length === 1 && scores.length === 1) return [positive!(scores[0]!)]
    if (calibrators.length === 1 && scores.length === 2) {
      const probability = positive!(scores[1]!)
      return [1 - probability, probability]
    }
    if (calibrators.length !== scores.length) {
      throw new OutputFault(
        `output "${output}" has ${scores.length} classes, and ${calibrators.length} are calibrated`,
      )
    }
    return toShares(scores.map((score, at) => calibrators[at]!(score)))
  }
}

function tempered(temperature: number): (row: unknown, output: string) => unknown {
  return (row, output) => {
    if (typeof row === 'number') return sigmoid(row / temperature)
    const logits = numbersOf(row, output)
    const greatest = Math.max(...logits)
    return toShares(logits.map((logit) => Math.exp((logit - greatest) / temperature)))
  }
}

function toShares(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => (sum > 0 ? value / sum : 1 / values.length))
}

function toCalibrator(config: CalibratorConfig): Calibrator {
  if (config.kind === 'platt') return (score) => sigmoid(-(config.a * score + config.b))
  return (score) => interpolate(score, config.x, config.y)
}

/** Without overflow on either side. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** Straight lines between the points, level outside them. */
function interpolate(at: number, x: readonly number[], y: readonly number[]): number {
  let above = 0
  while (above < x.length && x[above]! < at) above++
  if (above === 0) return y[0]!
  if (above === x.length) return y[above - 1]!
  const share = (at - x[above - 1]!) / (x[above]! - x[above - 1]!)
  return y[above - 1]! + share * (y[above]! - y[above - 1]!)
}
