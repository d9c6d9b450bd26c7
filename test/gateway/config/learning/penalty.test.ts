import { describe, expect, test } from 'vitest'
import { learningSettings } from '../../../../gateway/wiring/learning-settings.ts'
import { endpointFaults, soundConfig } from '../../../fixtures/sound-config.ts'

const endpoint = (reward: string, more = ''): string =>
  `models: { a: { onnx: a.onnx } }\nendpoints: { e: { arms: { x: { model: a }, y: { model: a } }, reward: { ${reward} }${more} } }`
const sound = (reward: string) => soundConfig(endpoint(reward)).endpoints[0]!
const generation = (reward: string) => learningSettings(sound(reward)).state.generation

test('a penalty widens the bounds of what is learned downwards', () => {
  const { reward } = sound('penalty: { latency_s: 0.1, cost: { x: 0.05 }, most: 0.25 }')
  expect(reward).toMatchObject({
    bounds: { low: -0.25, high: 1 },
    penalty: { perSecond: 0.1, costs: { x: 0.05 }, most: 0.25 },
  })
  expect(sound('bounds: [0, 50], penalty: { cost: { x: 1 }, most: 2 }').reward.bounds).toEqual({
    low: -2,
    high: 50,
  })
})

test('a default is what feedback would have said', () => {
  const settings = learningSettings(sound('default: 0.5, penalty: { latency_s: 1, most: 1 }'))
  expect(settings.rules.defaultMicro).toBe(500_000)
})

test('the weight of latency is part of what rewards mean; a price is a fact of its time, and new arms cost nobody anything', () => {
  const own = generation('penalty: { latency_s: 0.1, most: 0.25 }')
  expect(generation('penalty: { latency_s: 0.2, most: 0.25 }')).not.toBe(own)
  expect(generation('penalty: { latency_s: 0.1, most: 0.5 }')).not.toBe(own)
  expect(generation('penalty: { latency_s: 0.1, cost: { x: 0.1 }, most: 0.25 }')).toBe(own)
})

describe('what does not fit is told, and how to mend it', () => {
  test.each([
    ['penalty: { most: 1 }', 'reward.penalty: it takes nothing off: give latency_s, cost, or both'],
    ['penalty: { latency_s: 1 }', 'reward.penalty.most: '],
    ['penalty: { cost: { z: 1 }, most: 1 }', 'reward.penalty.cost.z: there is no arm z: did you mean x?'],
    ['penalty: { cost: { x: 2 }, most: 1 }', 'reward.penalty.cost.x: more than most, which is 1'],
    ['delay: corrected, penalty: { latency_s: 1, most: 1 }', 'reward.penalty: with delay: corrected'],
    ['penalty: { latency_s: -1, most: 1 }', 'reward.penalty.latency_s: expected at least 0'],
  ])('%s', (reward, fault) => {
    expect(endpointFaults(endpoint(reward))).toEqual([expect.stringContaining(fault)])
  })

  test('exp3 takes no silence that costs something', () => {
    const text = endpoint('default: 0, penalty: { latency_s: 1, most: 1 }', ', policy: { name: exp3 }')
    expect(endpointFaults(text)).toEqual([expect.stringContaining('reward.default: with a penalty silence')])
  })

  test('a mean that is believed may lie below the least reward of feedback', () => {
    const prior = (mean: number) =>
      endpoint('penalty: { latency_s: 1, most: 1 }', `, policy: { prior: { mean: ${mean}, mass: 2 } }`)
    expect(endpointFaults(prior(-0.5))).toEqual([])
    expect(endpointFaults(prior(-1.5))).toEqual([expect.stringContaining('a mean between -1 and 1')])
  })
})
