import { describe, expect, test } from 'vitest'
import { createModelServer, type ServingReplica } from '../../../gateway/repository/model-server.ts'
import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'

const takes = (name: string): ModelMetadata => ({
  name: 'm',
  platform: 'test',
  inputs: [{ name, datatype: 'FP32', shape: [-1, 4] }],
  outputs: [],
})

/** Workers that do what they are told to; `log` has what happened, in its order. */
function stage({
  replicas = 1,
  isKnown = true,
  joins = () => true,
}: {
  replicas?: number
  isKnown?: boolean
  joins?: (index: number) => boolean
} = {}) {
  const log: string[] = []
  const running = Promise.withResolvers<void>()
  running.resolve()
  const hands = { left: running.promise }
  const told = new Map<string, (index: number, change: Partial<ServingReplica>) => void>()
  const server = createModelServer<ServingReplica>({
    replicas,
    upstream: {
      metadata: () => (isKnown ? takes('x') : undefined),
      async replicaGone(index) {
        log.push(`${index} gets no more`)
        await hands.left
      },
    },
    launch({ name }, firstIndex, onChange) {
      log.push(`launch ${name} at ${firstIndex}`)
      const all: ServingReplica[] = Array.from({ length: replicas }, (_, at) => ({
        index: firstIndex + at,
        socket: `/${firstIndex + at}`,
        state: 'starting',
      }))
      told.set(name, (index, change) => {
        const at = index - firstIndex
        onChange((all[at] = { ...all[at]!, ...change }))
      })
      return { replicas: () => all, stop: async () => void log.push(`stop ${name}`) }
    },
    async changed({ index, state }) {
      log.push(`${index} ${state}`)
      return joins(index)
    },
    faultOf: (file) => (file === '/forbidden' ? 'it is forbidden' : undefined),
  })
  server.start({ name: '1', file: '/1' })
  return { server, log, hands, tell: (version: string) => told.get(version)! }
}

const next = { name: '2', file: '/2' }

describe('another version', () => {
  test('takes over when all its workers are ready, and the old ones end when what they run is over', async () => {
    const { server, log, hands, tell } = stage({ replicas: 2 })
    const over = Promise.withResolvers<void>()
    hands.left = over.promise
    const replaced = server.replace(next)
    tell('2')(2, { state: 'ready', metadata: takes('x') })
    await Promise.resolve()
    expect(log).toEqual(['launch 1 at 0', 'launch 2 at 2'])
    tell('2')(3, { state: 'ready', metadata: takes('x') })
    await new Promise(setImmediate)
    expect(log.slice(2)).toEqual(['2 ready', '3 ready', '0 gets no more', '1 gets no more'])
    over.resolve()
    expect(await replaced).toBeUndefined()
    expect(log.at(-1)).toBe('stop 1')
    expect([server.versionOf(0), server.versionOf(3)]).toEqual(['1', '2'])

    const third = server.replace({ name: '3', file: '/3' })
    for (const index of [0, 1]) tell('3')(index, { state: 'ready', metadata: takes('x') })
    expect(await third).toBeUndefined()
    expect(log.at(-1)).toBe('stop 2')
  })

  test.each([
    ['whose file is refused', '/forbidden', {}, 'it is forbidden'],
    [
      'that cannot be loaded',
      '/2',
      { state: 'backoff', lastExit: { code: 1, signal: null, reason: 'no graph' } },
      'no graph',
    ],
    [
      'that is killed',
      '/2',
      { state: 'backoff', lastExit: { code: null, signal: 'SIGSEGV' } },
      'its worker ended with SIGSEGV before it was ready',
    ],
    ['that the gateway stops under', '/2', { state: 'stopping' }, 'the gateway is stopping'],
    [
      'that takes other inputs',
      '/2',
      { state: 'ready', metadata: takes('y') },
      expect.stringMatching(/^input "x" is missing/),
    ],
  ] as const)('%s changes nothing', async (_what, file, change, reason) => {
    const { server, log, tell } = stage()
    const replaced = server.replace({ name: '2', file })
    if (file === '/2') tell('2')(1, change)
    expect(await replaced).toEqual(reason)
    expect(log.filter((line) => line.includes('gets no more'))).toEqual([])
    expect(log).not.toContain('stop 1')
    if (file === '/2') expect(log.at(-1)).toBe('stop 2')
  })

  test('that does not answer its first probe is taken away again', async () => {
    const { server, log, tell } = stage({ joins: (index) => index === 0 })
    const replaced = server.replace(next)
    tell('2')(1, { state: 'ready', metadata: takes('x') })
    expect(await replaced).toMatch(/did not answer its first probe/)
    expect(log.slice(-2)).toEqual(['1 gets no more', 'stop 2'])
  })

  test('may take any inputs while nothing is known of the first', async () => {
    const { server, tell } = stage({ isKnown: false })
    const replaced = server.replace(next)
    tell('2')(1, { state: 'ready', metadata: takes('y') })
    expect(await replaced).toBeUndefined()
  })
})
