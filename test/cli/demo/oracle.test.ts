import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadExample } from '../../../cli/demo/example.ts'
import { consultModels } from '../../../cli/demo/oracle.ts'
import { planRequests } from '../../../cli/demo/stream.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'examples', 'digits')

interface Recorded {
  readonly clean: { readonly correct: number }
  readonly noisyDraws: { readonly min: number; readonly max: number }
}

test('every arm is right as often as was measured when it was trained', async () => {
  const example = await loadExample(folder)
  const total = 2 * example.images.length
  const requests = planRequests({ images: example.images, noise: example.noise, seed: 1, total })
  const { labels, truth } = await consultModels({
    example,
    requests,
    total,
    signal: new AbortController().signal,
  })
  const { models, committee } = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8')) as {
    models: Record<string, Recorded>
    committee: Recorded
  }
  const recorded: Record<string, Recorded> = { ...models, committee }
  expect([...labels.keys()].toSorted()).toEqual(Object.keys(recorded).toSorted())
  for (const [arm, said] of labels) {
    const right = (from: number, to: number) =>
      said.subarray(from, to).filter((label, at) => label === truth[from + at])
    const { clean, noisyDraws } = recorded[arm]!
    expect(right(0, total / 2).length, arm).toBe(clean.correct)
    // Other noise than any of the recorded draws: a point and a half of room beyond their range.
    const noisy = right(total / 2, total).length / example.images.length
    expect(noisy, arm).toBeGreaterThan(noisyDraws.min - 0.015)
    expect(noisy, arm).toBeLessThan(noisyDraws.max + 0.015)
  }
})

test('a stop ends the comparison', async () => {
  const example = await loadExample(folder)
  const requests = planRequests({ images: example.images, noise: example.noise, seed: 1, total: 900 })
  const signal = AbortSignal.abort()
  await expect(consultModels({ example, requests, total: 900, signal })).rejects.toThrow('aborted')
})
