import type { ArmConfig } from './config.ts'

/** The models that an arm asks; none where it is a value. */
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
