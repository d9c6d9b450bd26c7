import { dumpSqlite } from '../../support/sqlite-dump.ts'
import type { LogLine } from '../../support/gateway-process.ts'
import type { BenchGateway } from './bench.ts'

export interface ArmView {
  readonly name: string
  readonly state: string
  readonly mean: number
  readonly share: number
  readonly pulls: number
  readonly pending: number
  readonly rewarded: number
  readonly replicas: readonly { readonly state: string; readonly restarts: number }[]
}

/** The arms of an endpoint, as the gateway shows them. */
export async function armsOf(
  { call }: Pick<BenchGateway, 'call'>,
  endpoint = 'digits',
): Promise<ReadonlyMap<string, ArmView>> {
  const { body } = await call(`/endpoints/${endpoint}`)
  return new Map((body as { readonly arms: readonly ArmView[] }).arms.map((arm) => [arm.name, arm]))
}

/** Every sum of an embedded store as text; equal means equal to the last bit. */
export function sumsOf({ store }: Pick<BenchGateway, 'store'>): string {
  const tables = JSON.parse(dumpSqlite(store.slice('sqlite:'.length))) as [string, unknown][]
  return JSON.stringify(tables.filter(([name]) => name === 'statistics'))
}

/** What the log says of the ends of a model's workers. */
export function exitsOf({ process }: Pick<BenchGateway, 'process'>, model: string): readonly LogLine[] {
  return process.log().filter((line) => line.model === model && line.msg.startsWith('worker exited'))
}
