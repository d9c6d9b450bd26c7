import type { PredictionIds } from '../../bandit/index.ts'
import type { AuthConfig } from '../config/auth-config.ts'
import { identifyByKey } from './identify.ts'
import { createKeyRing } from './key-ring.ts'
import { createMayTeach, type MayTeach } from './may-teach.ts'
import type { Identify } from './authorise.ts'

/** What a gateway with keys asks of its requests. */
export interface Access {
  readonly identify: Identify
  readonly mayTeach: MayTeach
}

export interface AccessDeps {
  readonly config: AuthConfig
  readonly ids: Pick<PredictionIds, 'verify'>
}

export function createAccess({ config, ids }: AccessDeps): Access {
  const ring = createKeyRing(config.keys)
  return { identify: identifyByKey(() => ring), mayTeach: createMayTeach(ids) }
}
