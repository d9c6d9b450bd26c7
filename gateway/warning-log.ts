import type { Logger } from 'pino'
import type { Agent } from '../bandit/index.ts'

type Warned = Pick<Agent, 'endpoint' | 'warnings'>

/** Logs what an endpoint gives reason to warn of when that changes, not for as long as it lasts. */
export function createWarningLog(
  agents: readonly Warned[],
  logger: Pick<Logger, 'info' | 'warn'>,
): () => void {
  const told = new Map<string, string>()
  return function tellChanges() {
    for (const agent of agents) {
      const { endpoint } = agent
      const warnings = agent.warnings()
      const now = warnings.map(({ code, best, better }) => `${code} ${best} ${better}`).join(', ')
      const before = told.get(endpoint) ?? ''
      if (now === before) continue
      told.set(endpoint, now)
      for (const { detail, ...warning } of warnings) logger.warn({ endpoint, warning }, detail)
      if (now === '') logger.info({ endpoint }, 'there is nothing to warn of any more')
    }
  }
}
