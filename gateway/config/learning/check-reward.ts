import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { partOf } from '../reading/raw.ts'

/** The reward of one endpoint against its bounds. */
export function* checkReward(path: Path, reward: unknown): Iterable<CrossFault> {
  const bounds = partOf(reward, 'bounds')
  if (bounds !== undefined && partOf(reward, 'from') === 'label') {
    const message = 'a label scores from 0 to 1: take bounds out, or use from: reward'
    yield { path: [...path, 'bounds'], message, atKey: true }
  }
  const [low, high]: readonly unknown[] = Array.isArray(bounds) ? bounds : [0, 1]
  const standard = partOf(reward, 'default')
  if (partOf(reward, 'delay') === 'corrected') yield* checkCorrected(path, standard, low)
  if (typeof standard !== 'number' || typeof low !== 'number' || typeof high !== 'number') return
  if (standard < low) {
    yield { path: [...path, 'default'], message: `expected at least ${low}, found ${standard}` }
  } else if (standard > high) {
    yield { path: [...path, 'default'], message: `expected at most ${high}, found ${standard}` }
  }
}

/** Silence is what `corrected` counts, so nothing else may say what it is worth. */
function* checkCorrected(path: Path, standard: unknown, low: unknown): Iterable<CrossFault> {
  if (standard !== undefined && standard !== 'none' && standard !== 0) {
    const message = 'with delay: corrected what never reports counts as 0: take default out'
    yield { path: [...path, 'default'], message, atKey: true }
  }
  if (typeof low === 'number' && low !== 0) {
    const message = 'with delay: corrected what never reports counts as 0: it has to be the least reward'
    yield { path: [...path, 'bounds'], message, atKey: true }
  }
}
