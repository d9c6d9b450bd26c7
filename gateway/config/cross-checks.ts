import { checkArm } from './arms/check-arm.ts'
import { checkCheckpoint } from './store/check-checkpoint.ts'
import { checkModel } from './models/check-model.ts'
import { checkModelSteps } from './pipeline/check-model-steps.ts'
import { checkKeys } from './access/check-keys.ts'
import { checkEndpoint } from './check-endpoint.ts'
import { checkWebhooks } from './events/check-webhooks.ts'
import { checkOutbound } from './access/check-outbound.ts'
import { checkStoreTls } from './store/check-store-tls.ts'
import { checkShadows } from './shadows/check-shadows.ts'
import { checkRules } from './rules/check-rules.ts'
import type { CrossFault } from './cross-fault.ts'
import type { Path } from './reading/positions.ts'
import { entriesOf, partOf } from './reading/raw.ts'

/**
 * What one part of the file asks of another. It reads the file as it was written, passing over what is malformed, so
 * that a slip in one part does not hide those in the others.
 */
export function* crossChecks(raw: unknown): Iterable<CrossFault> {
  const models = entriesOf(raw, 'models').map(([name]) => name)
  yield* checkNames(['models'], models)
  for (const [name, model] of entriesOf(raw, 'models')) yield* checkModel(['models', name], model)
  const endpoints = entriesOf(raw, 'endpoints').map(([name]) => name)
  yield* checkStoreTls(raw)
  yield* checkCheckpoint(raw)
  yield* checkOutbound(raw)
  yield* checkKeys(['auth', 'keys'], partOf(partOf(raw, 'auth'), 'keys'), endpoints)
  for (const [name, endpoint] of entriesOf(raw, 'endpoints')) {
    const path = ['endpoints', name]
    const arms = entriesOf(endpoint, 'arms')
    yield* checkNames(['endpoints'], [name])
    yield* checkNames(
      [...path, 'arms'],
      arms.map(([arm]) => arm),
    )
    const context = partOf(endpoint, 'context')
    const features = entriesOf(context, 'features').map(([feature]) => feature)
    yield* checkNames([...path, 'context', 'features'], features)
    const ensembles = arms.filter(([, arm]) => partOf(arm, 'ensemble') !== undefined).map(([arm]) => arm)
    const isLabelled = partOf(partOf(endpoint, 'reward'), 'from') === 'label'
    const surroundings = { models, ensembles, isLabelled }
    for (const [arm, value] of arms) yield* checkArm([...path, 'arms', arm], value, surroundings)
    yield* checkEndpoint(path, endpoint)
    yield* checkModelSteps(path, endpoint, models)
    yield* checkRules(path, endpoint, endpoints)
    yield* checkShadows(path, endpoint, models)
  }
  yield* checkWebhooks(partOf(partOf(raw, 'events'), 'webhooks'))
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
