import type { Scenario } from '../bench/scenario.ts'
import { access } from './access.ts'
import { callScenarios } from './calls.ts'
import { fileScenarios } from './model-files.ts'
import { mutantScenarios } from './mutants.ts'
import { timingScenarios } from './timing.ts'
import { tokenScenarios } from './tokens.ts'

export const security: readonly Scenario[] = [
  ...access,
  ...timingScenarios,
  ...tokenScenarios,
  ...callScenarios,
  ...fileScenarios,
  ...mutantScenarios,
]
