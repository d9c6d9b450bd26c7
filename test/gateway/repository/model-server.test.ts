import { describe, expect, test } from 'vitest'
import { createModelServer, type ServingReplica } from '../../../gateway/repository/model-server.ts'
import type { ModelFit } from '../../../gateway/config/models/fit.ts'
import type { Version } from '../../../gateway/repository/version.ts'
import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'

const takes = (name: string): ModelMetadata => ({
  name: 'm',
  platform: 'test',
  inputs: [{ name, datatype: 'FP32', shape: [-1, 4] }],
  outputs: [],
})

const version = (name: string, file = `/${name}`): Version => ({
  name,
  file,
  source: file,
  fault: async () => (file === '/forbidden' ? 'it is forbidden' : undefined),
  release: async () => undefined,
})

/** Workers that do what they are told to; `log` has what happened, in its order. */
function stage({
  replicas = 1,
  isKnown = true,
  joins = () => true,
  fit,
}: {
  replicas?: number
  isKnown?: boolean
  joins?: (index: number) => boolean
  fit?: ModelFit
} = {}) {
  const log: string[] = []
  const running = Promise.withResolvers<void>()
  running.resolve()
  const hands = { left: running.promise }
  const tellers = new Map<string, (change: Partial<ServingReplica>) => void>()
  const server = createModelServer<ServingReplica>({
    replicas,
    fit,
    upstream: {
      metadata: () => (isKnown ? takes('x') : undefined),
      async replicaGone(index) {
        log.push(`${index} gets no more`)
        await hands.left
      },
    },
    launch({ name }, index, onChange) {
      log.push(`launch ${name} at ${index}`)
      let replica: ServingReplica = { index, socket: `/${index}`, state: 'starting' }
      tellers.set(`${name} ${index}`, (change) => onChange((replica = { ...replica, ...change })))
      return { replica: () => replica, stop: async () => void log.push(`stop ${name} at ${index}`) }
    },
    async changed({ index, state }) {
      log.push(`${index} ${state}`)
      return joins(index)
    },
    faultOf: (version) => version.fault(),
  })
  const tell = (version: string) => (index: number, change: Partial<ServingReplica>) =>
    tellers.get(`${version} ${index}`)!(change)
  const ready = async (version: string, ...indexes: number[]) => {
    // What was asked for before comes first.
    await new Promise(setImmediate)
    for (const index of indexes) tell(version)(index, { state: 'ready', metadata: takes('x') })
    await new Promise(setImmediate)
  }
  return { server, log, hands, tell, ready }
}

/** With version 1 up and nothing in the log. */
async function serving(options: Parameters<typeof stage>[0] = {}) {
  const staged = stage(options)
  const started = staged.server.start(version('1'))
  await staged.ready('1', ...Array.from({ length: options?.replicas ?? 1 }, (_, index) => index))
  await started
  staged.log.length = 0
  return staged
}

const next = version('2')

describe('another version', () => {
  test.each([
    ['own', undefined],
    ['x', 'it does not fit models.m.fit: it has no input "own": it takes "x"'],
  ])('of a model with a fit is held to what that makes of it: %s', async (name, refused) => {
    const fit: ModelFit = { inputs: [{ name: 'x', as: 'own' }], outputs: [] }
    const { server, tell } = await serving({ fit })
    const replaced = server.replace(next)
    await new Promise(setImmediate)
    tell('2')(1, { state: 'ready', metadata: takes(name) })
    expect(await replaced).toBe(refused)
  })

  test('takes over when all its workers are ready, and the old ones end when what they run is over', async () => {
    const { server, log, hands, ready } = await serving({ replicas: 2 })
    const over = Promise.withResolvers<void>()
    hands.left = over.promise
    const replaced = server.replace(next)
    await ready('2', 2)
    expect(log).toEqual(['launch 2 at 2', 'launch 2 at 3'])
    await ready('2', 3)
    expect(log.slice(2)).toEqual(['2 ready', '3 ready', '0 gets no more', '1 gets no more'])
    over.resolve()
    expect(await replaced).toBeUndefined()
    expect(log.slice(-2)).toEqual(['stop 1 at 0', 'stop 1 at 1'])
    expect([server.versionOf(0), server.versionOf(3)]).toEqual(['1', '2'])

    const third = server.replace(version('3'))
    await ready('3', 0, 1)
    expect(await third).toBeUndefined()
    expect(log.at(-1)).toBe('stop 2 at 3')
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
    const { server, log, tell } = await serving()
    const replaced = server.replace(version('2', file))
    await new Promise(setImmediate)
    if (file === '/2') tell('2')(1, change)
    expect(await replaced).toEqual(reason)
    expect(log.filter((line) => line.includes('gets no more'))).toEqual([])
    expect(log).not.toContain('stop 1 at 0')
    if (file === '/2') expect(log.at(-1)).toBe('stop 2 at 1')
  })

  test('that does not answer its first probe is taken away again', async () => {
    const { server, log, ready } = await serving({ joins: (index) => index === 0 })
    const replaced = server.replace(next)
    await ready('2', 1)
    expect(await replaced).toMatch(/did not answer its first probe/)
    expect(log.slice(-2)).toEqual(['1 gets no more', 'stop 2 at 1'])
  })

  test('may take any inputs while nothing is known of the first', async () => {
    const { server, tell } = await serving({ isKnown: false })
    const replaced = server.replace(next)
    await new Promise(setImmediate)
    tell('2')(1, { state: 'ready', metadata: takes('y') })
    expect(await replaced).toBeUndefined()
  })
})

describe('another worker', () => {
  test('of the same version takes the place of one, and the others serve on', async () => {
    const { server, log, ready } = await serving({ replicas: 2 })
    const recycled = server.recycle(0)
    await ready('1', 2)
    expect(await recycled).toBeUndefined()
    expect(log).toEqual(['launch 1 at 2', '2 ready', '0 gets no more', 'stop 1 at 0'])
    expect(await server.recycle(0)).toBe('it was replaced already')

    log.length = 0
    const replaced = server.replace(next)
    await ready('2', 0, 3)
    expect(await replaced).toBeUndefined()
    expect(log.slice(0, 2)).toEqual(['launch 2 at 0', 'launch 2 at 3'])
    expect(log.slice(-2)).toEqual(['stop 1 at 1', 'stop 1 at 2'])
  })

  test('that cannot be started leaves the one that serves', async () => {
    const { server, log, tell } = await serving()
    const recycled = server.recycle(0)
    await new Promise(setImmediate)
    tell('1')(1, { state: 'backoff', lastExit: { code: null, signal: 'SIGKILL' } })
    expect(await recycled).toMatch(/ended with SIGKILL/)
    expect(log).toEqual(['launch 1 at 1', 'stop 1 at 1'])
  })

  test('waits for a version that is on its way, and is of that one', async () => {
    const { server, log, ready } = await serving()
    const replaced = server.replace(next)
    const recycled = server.recycle(0)
    await ready('2', 1)
    expect([await replaced, await recycled]).toEqual([undefined, 'it was replaced already'])
    expect(log.filter((line) => line.startsWith('launch'))).toEqual(['launch 2 at 1'])
  })
})

describe('a first version that its workers cannot load', () => {
  const unfit = { state: 'backoff', lastExit: { code: 1, signal: null, reason: 'no graph' } } as const

  test('gives its place to the one before it', async () => {
    const { server, log, tell, ready } = stage({ replicas: 2 })
    const asked: string[] = []
    const started = server.start(version('3'), async (reason) => {
      asked.push(reason)
      return version('1')
    })
    await new Promise(setImmediate)
    for (const index of [0, 1]) tell('3')(index, unfit)
    await ready('1', 0, 1)
    await started
    expect(asked).toEqual(['no graph'])
    expect(log.filter((line) => !line.includes('gets no more'))).toEqual([
      'launch 3 at 0',
      'launch 3 at 1',
      'stop 3 at 0',
      'stop 3 at 1',
      'launch 1 at 0',
      'launch 1 at 1',
      '0 ready',
      '1 ready',
    ])
    expect(server.versionOf(1)).toBe('1')
  })

  test('is tried on where there is none before it', async () => {
    const { server, log, tell } = stage()
    const started = server.start(version('3'), async () => undefined)
    await new Promise(setImmediate)
    tell('3')(0, unfit)
    await new Promise(setImmediate)
    tell('3')(0, unfit)
    await started
    expect(log).toEqual(['launch 3 at 0', '0 gets no more', 'stop 3 at 0', 'launch 3 at 0', '0 backoff'])
  })

  test('that was killed is tried again, as it may be sound', async () => {
    const { server, log, tell } = stage()
    const started = server.start(version('3'), () => Promise.reject(new Error('was asked')))
    await new Promise(setImmediate)
    tell('3')(0, { state: 'backoff', lastExit: { code: null, signal: 'SIGKILL' } })
    await started
    expect(log).toEqual(['launch 3 at 0', '0 backoff'])
  })
})
