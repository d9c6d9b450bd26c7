import type { Config } from '../config/config.ts'
import { StartFault } from '../start-fault.ts'
import { isLoopback } from './outbound/addresses.ts'

/** @throws StartFault when others could reach the gateway and nobody has said who may, nor that all may */
export function demandKeys({ listen, auth }: Pick<Config, 'listen' | 'auth'>): void {
  if (auth !== undefined || isLoopback(listen.host)) return
  throw new StartFault(
    `${listen.host} can be reached from elsewhere, and there are no keys: make one with "bandit keys create" and put it under auth.keys, into a file for --auth or into BANDIT_API_KEYS, or say that everybody may do everything, with auth: off or --auth off`,
  )
}
