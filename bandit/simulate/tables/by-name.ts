import { auer } from './auer.ts'
import { besson } from './besson.ts'
import { censoring } from './censoring.ts'
import { chapelleLi } from './chapelle-li.ts'
import { delay } from './delay.ts'
import { identification } from './identification.ts'
import { klucb } from './klucb.ts'
import { nonstationary } from './nonstationary.ts'
import { stopping } from './stopping.ts'
import type { PublishedTable } from './table.ts'

export const tables: readonly PublishedTable[] = [
  besson,
  klucb,
  auer,
  delay,
  nonstationary,
  chapelleLi,
  censoring,
  identification,
  stopping,
]

/** Tables that are not played yet, and what they wait for. */
export const laterTables: Readonly<Record<string, string>> = {
  wheel: 'contextual policies',
  digits: 'contextual policies',
}
