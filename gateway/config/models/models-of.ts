import type { ArmConfig, EndpointConfig } from '../endpoint-config.ts'

/** The models that an arm gives the inputs of a request to; none where it is a value. */
export function modelsOf(arm: ArmConfig): readonly string[] {
  switch (arm.kind) {
    case 'model':
      return [arm.model]
    case 'ensemble':
      return arm.members.map(({ model }) => model)
    case 'value':
      return []
  }
}

/** Those, and the one that makes one answer of theirs. */
export function everyModelOf(arm: ArmConfig): readonly string[] {
  const last = arm.kind === 'ensemble' ? arm.stack : undefined
  return last === undefined ? modelsOf(arm) : [...modelsOf(arm), last.model]
}

/** The models that an endpoint asks, each once: before the arms, and for them. */
export function modelsOfEndpoint({
  arms,
  preprocess,
}: Pick<EndpointConfig, 'arms' | 'preprocess'>): ReadonlySet<string> {
  const before = preprocess?.models.map(({ model }) => model) ?? []
  return new Set([...before, ...arms.flatMap(everyModelOf)])
}
