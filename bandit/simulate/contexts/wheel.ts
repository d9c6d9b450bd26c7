import { createEncoding } from '../../context/encoding.ts'
import type { Uniform } from '../streams.ts'
import type { WheelContexts } from './context-law.ts'
import type { Contexts } from './contexts.ts'

// Three deviations become 1, so that a coordinate stands for itself.
const coordinate = { kind: 'standard', mean: 0, deviation: 1 / 3 } as const
const encoding = createEncoding({
  features: [
    { ...coordinate, name: 'x' },
    { ...coordinate, name: 'y' },
  ],
  interactions: [],
})

/** C. Riquelme, G. Tucker and J. Snoek, Deep Bayesian Bandits Showdown, ICLR 2018, section 5.4. */
export function spinWheel({ radius, bonus }: WheelContexts, arms: number, uniform: Uniform): Contexts {
  const shifts = new Float64Array(arms)
  return {
    dimension: encoding.dimension,
    shifts,
    next() {
      const [x, y] = pointOfDisc(uniform)
      shifts.fill(0)
      if (Math.hypot(x, y) > radius) shifts[(x > 0 ? 0 : 2) + (y > 0 ? 0 : 1)] = bonus
      const encoded = encoding.encode({ x, y })
      if (encoded.status !== 'encoded') throw new RangeError(encoded.detail)
      return encoded.features
    },
  }
}

function pointOfDisc(uniform: Uniform): readonly [number, number] {
  for (;;) {
    const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1]
    if (x * x + y * y <= 1) return [x, y]
  }
}
