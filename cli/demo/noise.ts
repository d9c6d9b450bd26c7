import type { Random } from './random.ts'

/** How an image is spoilt: contrast first, then an independent normal error on every pixel. */
export interface Noise {
  readonly description: string
  readonly contrast: number
  readonly sigma: number
  /** Least and greatest value of a pixel. */
  readonly clip: readonly [number, number]
}

/** `clip(round(contrast · pixel + sigma · normal()))` for every pixel. */
export const addNoise = (pixels: readonly number[], noise: Noise, normal: Random): number[] => {
  const [least, greatest] = noise.clip
  return pixels.map((pixel) => {
    const spoilt = Math.round(noise.contrast * pixel + noise.sigma * normal())
    return Math.min(greatest, Math.max(least, spoilt))
  })
}
