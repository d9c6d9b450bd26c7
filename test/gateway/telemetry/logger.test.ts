import { describe, expect, test } from 'vitest'
import type { Logger } from 'pino'
import { createLogger } from '../../../gateway/telemetry/logger.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

function capture(level: 'debug' | 'info' = 'info'): { logger: Logger; lines: string[] } {
  const lines: string[] = []
  return { logger: createLogger({ level, destination: { write: (line) => void lines.push(line) } }), lines }
}

describe('a line of the log', () => {
  test('is one line of JSON whatever is in it', () => {
    const { logger, lines } = capture()
    logger.warn({ path: 'a\r\nb\u001b[31m\u0000' }, 'odd\npath')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[\x20-\x7e]*\n$/)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'warn',
      path: 'a\r\nb\u001b[31m\u0000',
      msg: 'odd\npath',
    })
  })

  test('is cut where a field is long', () => {
    const { logger, lines } = capture()
    logger.info({ path: 'x'.repeat(1_000_000), err: new Error('y'.repeat(1_000_000)) }, 'long')
    expect(lines[0]!.length).toBeLessThan(6000)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      path: `${'x'.repeat(256)}…`,
      err: { type: 'Error', message: `${'y'.repeat(256)}…` },
    })
  })

  test('tells of an error its kind, words, code and stack', () => {
    const { logger, lines } = capture()
    logger.error({ err: Object.assign(new TypeError('no'), { code: 'E_NO' }) }, 'failed')
    expect(JSON.parse(lines[0]!)).toMatchObject({
      err: {
        type: 'TypeError',
        message: 'no',
        code: 'E_NO',
        stack: expect.stringContaining('logger.test.ts'),
      },
    })
  })

  test('holds no secret and nothing that was sent', () => {
    const { logger, lines } = capture()
    const secret = 'planted'
    logger.info(
      {
        authorization: secret,
        password: secret,
        inputs: secret,
        headers: { cookie: secret, authorization: secret },
      },
      'x',
    )
    expect(lines[0]).not.toContain(secret)
  })

  test('is written from its level on', () => {
    const { logger, lines } = capture('info')
    logger.debug('no')
    logger.info('yes')
    expect(lines).toHaveLength(1)
  })
})

describe('requests', () => {
  const planted = { inputs: { pixels: [[4242, 1, 2, 3]] }, context: { secret: 'planted' }, key: 'planted' }

  test('are a share of them at info, each tied to its trace', async () => {
    const lines: string[] = []
    const logger = createLogger({
      level: 'info',
      traceIds: () => ({ trace_id: 'a', span_id: 'b' }),
      destination: { write: (line) => void lines.push(line) },
    })
    const draws = [0.4, 0.5, 0.1]
    const gateway = createTestGateway([], { logger, accessSample: 0.5, random: () => draws.shift()! })
    for (let i = 0; i < 3; i += 1) await gateway.app.request('/livez')
    expect(lines).toHaveLength(2)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'info',
      path: '/livez',
      status: 200,
      trace_id: 'a',
      span_id: 'b',
    })
  })

  test('are one line each at debug, without what was sent', async () => {
    const { logger, lines } = capture('debug')
    const gateway = createTestGateway(undefined, { logger })
    await post(gateway, '/predict', planted, { authorization: 'Bearer planted', 'x-request-id': 'mine' })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'debug',
      request_id: 'mine',
      method: 'POST',
      path: '/predict',
      route: '/predict',
      status: 200,
      seconds: 0,
    })
    expect(lines[0]).not.toMatch(/planted|4242/)
  })

  test('leave nothing at info, unless the fault is ours', async () => {
    const { logger, lines } = capture('info')
    const arm = createFakeArm('first')
    const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })], { logger })
    await post(gateway, '/predict', planted)
    await post(gateway, '/predict', '{"planted')
    await post(gateway, '/nowhere', planted)
    expect(lines).toEqual([])
    arm.behaviour = new Error('boom')
    await post(gateway, '/predict', planted, { 'x-request-id': 'mine' })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      request_id: 'mine',
      err: { message: 'boom' },
    })
    expect(lines[0]).not.toMatch(/planted|4242/)
  })
})
