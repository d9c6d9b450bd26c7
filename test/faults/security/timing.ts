import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { apiKeyHash, createApiKey } from '../../../gateway/security/keys/api-key.ts'
import { createKeyRing } from '../../../gateway/security/keys/key-ring.ts'
import { demand, type Scenario } from '../bench/scenario.ts'

const pairs = 100
const samplesEach = 1000
/** Of Student's t with 99 degrees of freedom it is beyond that in 1 of 8,000 runs where there is no difference. */
const mostErrors = 4
/** The rest are interruptions by the machine. */
const kept = 0.95

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A whole key that begins as `key` does and goes on otherwise. */
function resemble(key: string): string {
  const body = key.slice(0, 27) + createApiKey(randomInt).slice(27, 39)
  const digits = Array.from({ length: 6 }, (_, place) => {
    return letters[Math.floor(crc32(body) / letters.length ** (5 - place)) % letters.length]
  })
  // As a header comes: one piece of memory, however it was put together.
  return Buffer.from(body + digits.join('')).toString('latin1')
}

function toRing(key: string) {
  return createKeyRing([{ name: 'only', sha256: apiKeyHash(key), scopes: ['predict'], rates: {} }])
}

/** Rings of the right key and of another one, in an order that is drawn: where things lie in memory takes time, too. */
function newPair(key: string) {
  const isFirst = randomInt(2) === 0
  const other = createApiKey(randomInt)
  const rings = (isFirst ? [key, other] : [other, key]).map(toRing)
  return { own: rings[isFirst ? 0 : 1]!, other: rings[isFirst ? 1 : 0]! }
}

/** Nanoseconds that the ring of the right key takes longer, on average, with the same texts for both. */
function compare(key: string): number {
  const { own, other } = newPair(key)
  const times = Array.from({ length: samplesEach }, () => {
    const sent = resemble(key)
    const ownFirst = randomInt(2) === 0
    const early = time(ownFirst ? own : other, sent)
    const late = time(ownFirst ? other : own, sent)
    return ownFirst ? ([early, late] as const) : ([late, early] as const)
  })
  const cut = times.flat().toSorted((a, b) => a - b)[Math.floor(2 * samplesEach * kept)]!
  return mean(times.filter((both) => both.every((each) => each <= cut)).map(([a, b]) => a - b))
}

function time(ring: ReturnType<typeof toRing>, sent: string): number {
  const startedAt = process.hrtime.bigint()
  const found = ring.find(sent)
  const took = Number(process.hrtime.bigint() - startedAt)
  demand(found === 'unknown', 'a wrong key is taken for another one')
  return took
}

const timing: Scenario = {
  id: 'G2',
  does: `times ${pairs * samplesEach} wrong keys that begin as the right one does, by ${pairs} pairs of gateways' keys of which one has it`,
  expects: `no difference beyond ${mostErrors} standard errors (1 run in 8,000 says so by chance)`,
  byHand: true,
  alone: true,
  run() {
    const key = createApiKey(randomInt)
    for (let round = 0; round < 20; round++) compare(key)
    const means = Array.from({ length: pairs }, () => compare(key))
    const difference = mean(means)
    const variance = means.reduce((sum, each) => sum + (each - difference) ** 2, 0) / (pairs - 1)
    const errors = difference / Math.sqrt(variance / pairs)
    const words = `${difference.toFixed(2)} ns, ${errors.toFixed(2)} standard errors`
    demand(Math.abs(errors) < mostErrors, words)
    return Promise.resolve(words)
  },
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export const timingScenarios: readonly Scenario[] = [timing]
