import type { EndpointRuntime } from '../endpoint-runtime.ts'
import type { Events } from './events.ts'

/** A reason to change the settings of an endpoint. */
interface Warning {
  readonly code: string
  readonly detail: string
}

export interface WatchedEndpoint extends Pick<EndpointRuntime, 'name'> {
  readonly arms: ReadonlyMap<string, { available(): boolean }>
  readonly agent: { warnings(): readonly Warning[] }
}

/** Looks at an endpoint again and again, and tells what has changed since it looked before. */
export function watchEndpoint(
  { name: endpoint, arms, agent }: WatchedEndpoint,
  { emit }: Pick<Events, 'emit'>,
): () => void {
  // What has never been up is starting, which is no news.
  const wasAvailable = new Map<string, boolean>()
  let warnedOf = new Map<string, string>()

  function lookAtArms(): void {
    for (const [arm, behind] of arms) {
      const isAvailable = behind.available()
      const was = wasAvailable.get(arm)
      if (isAvailable || was !== undefined) wasAvailable.set(arm, isAvailable)
      if (was === undefined || was === isAvailable) continue
      if (isAvailable) emit({ kind: 'arm_back', endpoint, arm, detail: `arm ${arm} can answer again` })
      else emit({ kind: 'arm_unavailable', endpoint, arm, detail: `arm ${arm} cannot answer` })
    }
  }

  function lookAtWarnings(): void {
    const now = new Map(agent.warnings().map((warning) => [warning.code, warning]))
    for (const [code, warning] of now) {
      if (warnedOf.get(code) === kernelOf(warning)) continue
      emit({ kind: 'warning', endpoint, about: code, detail: warning.detail, facts: factsOf(warning) })
    }
    for (const code of warnedOf.keys()) {
      if (now.has(code)) continue
      const detail = `there is no reason any more to warn of ${code.replaceAll('_', ' ')}`
      emit({ kind: 'warning_over', endpoint, about: code, detail })
    }
    warnedOf = new Map([...now].map(([code, warning]) => [code, kernelOf(warning)]))
  }

  return () => {
    lookAtArms()
    lookAtWarnings()
  }
}

/** What is plain in a warning; lists stay in `GET /endpoints/{name}`. */
function factsOf({ code: _code, detail: _detail, ...rest }: Warning): Record<string, string | number> {
  const plain = (value: unknown): value is string | number =>
    typeof value === 'string' || typeof value === 'number'
  const entries = Object.entries<unknown>(rest)
  return Object.fromEntries(entries.flatMap(([name, value]) => (plain(value) ? [[name, value]] : [])))
}

/** Its words: another arm makes another warning, while numbers move all the time. */
function kernelOf(warning: Warning): string {
  const words = Object.values(factsOf(warning)).filter((value) => typeof value === 'string')
  return JSON.stringify([warning.code, ...words])
}
