import { nearest } from './nearest.ts'
import type { Path } from './positions.ts'
import { armSchema, endpointSchema, type ArmInput, type EndpointInput } from './schema.ts'

export interface CrossFault {
  readonly path: Path
  readonly message: string
  /** The name itself is at fault, not what it stands for. */
  readonly atKey?: boolean
}

/**
 * What one part of the file asks of another. Parts that are malformed in themselves are passed over, so that the
 * rest is still checked and every fault is reported at once.
 */
export function* crossChecks(raw: unknown): Iterable<CrossFault> {
  const models = entriesOf(raw, 'models')
  const endpoints = entriesOf(raw, 'endpoints')
  const modelNames = models.map(([name]) => name)

  yield* checkNames(['models'], modelNames)
  yield* checkNames(
    ['endpoints'],
    endpoints.map(([name]) => name),
  )
  if (isRecord(raw) && isRecord(raw['endpoints']) && endpoints.length === 0) {
    yield { path: ['endpoints'], message: 'there is no endpoint: add at least one' }
  }
  for (const [name, endpoint] of endpoints) {
    const path = ['endpoints', name]
    const arms = entriesOf(endpoint, 'arms')
    yield* checkNames(
      [...path, 'arms'],
      arms.map(([arm]) => arm),
    )
    for (const [arm, value] of arms) {
      const parsed = armSchema.safeParse(value)
      if (parsed.success) yield* checkArm([...path, 'arms', arm], parsed.data, modelNames)
    }
    const parsed = endpointSchema.safeParse(endpoint)
    if (parsed.success) yield* checkEndpoint(path, parsed.data)
  }
}

/** Names end up in URLs, labels and store keys. */
function* checkNames(path: Path, names: readonly string[]): Iterable<CrossFault> {
  for (const name of names) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      const message = 'a name is 1 to 64 letters, digits, points, hyphens or underscores: choose another'
      yield { path: [...path, name], message, atKey: true }
    } else if (name in {}) {
      yield {
        path: [...path, name],
        message: 'this name is taken by the language: choose another',
        atKey: true,
      }
    }
  }
}

const ensembleOnly = ['combine', 'weights', 'quorum', 'deadline', 'argmax'] as const

function* checkArm(path: Path, arm: ArmInput, models: readonly string[]): Iterable<CrossFault> {
  const { model, ensemble } = arm
  if ((model === undefined) === (ensemble === undefined)) {
    yield { path, message: 'an arm has either a model or an ensemble: give one of the two' }
  }
  if (model !== undefined) yield* checkModel([...path, 'model'], model, models)
  if (ensemble === undefined) {
    for (const key of ensembleOnly) {
      if (arm[key] === undefined) continue
      yield { path: [...path, key], message: 'only an ensemble has this: take it out', atKey: true }
    }
    return
  }
  for (const [index, member] of ensemble.entries()) {
    yield* checkModel([...path, 'ensemble', index], member, models)
    if (ensemble.indexOf(member) < index) {
      yield { path: [...path, 'ensemble', index], message: `${member} is a member already: name it once` }
    }
  }
  for (const name of Object.keys(arm.weights ?? {})) {
    if (ensemble.includes(name)) continue
    yield {
      path: [...path, 'weights', name],
      message: `${name} is not a member: ${pick(name, ensemble)}`,
      atKey: true,
    }
  }
  if (arm.combine === undefined) {
    yield { path, message: 'say how the members are combined: combine: mean, or combine: majority' }
  }
  if (arm.quorum !== undefined && arm.quorum > ensemble.length) {
    const message = `there are ${ensemble.length} members: a quorum is at most that`
    yield { path: [...path, 'quorum'], message }
  }
}

function* checkModel(path: Path, name: string, models: readonly string[]): Iterable<CrossFault> {
  if (models.includes(name)) return
  yield { path, message: `there is no model ${JSON.stringify(name)}: ${pick(name, models)}` }
}

function* checkEndpoint(path: Path, { arms, policy, reward, ledger }: EndpointInput): Iterable<CrossFault> {
  const each = Object.values(arms)
  if (each.length === 0) yield { path: [...path, 'arms'], message: 'there is no arm: add at least one' }

  const floors = each.reduce((sum, arm) => sum + (arm.min_share ?? policy.min_share), 0)
  if (floors > 1 + 1e-9) {
    const message = `the min_share of all arms together is ${Number(floors.toFixed(6))}: lower them to at most 1`
    yield { path: [...path, 'arms'], message }
  }
  if (reward.from === 'reward') {
    return
  }
  if (ledger === 'signed') {
    const message =
      'a true label is compared with the recorded answer, which a signed id does not carry: use ledger: stored'
    yield { path: [...path, 'ledger'], message }
  }
  for (const [name, arm] of Object.entries(arms)) {
    if (arm.combine !== 'mean' || arm.argmax?.output === reward.output) continue
    const message = `the mean of labels is not a label: add argmax: { output: ${reward.output}, over: <scores> }, or use combine: majority`
    yield { path: [...path, 'arms', name], message }
  }
}

function pick(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`
}

function entriesOf(value: unknown, key: string): [string, unknown][] {
  const part = isRecord(value) ? value[key] : undefined
  return isRecord(part) ? Object.entries(part) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
