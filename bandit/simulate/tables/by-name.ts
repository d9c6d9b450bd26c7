import { auer } from './auer.ts'
import { besson } from './besson.ts'
import { censoring } from './censoring.ts'
import { chapelleLi } from './chapelle-li.ts'
import { delay } from './delay.ts'
import { klucb } from './klucb.ts'
import { nonstationary } from './nonstationary.ts'
import type { PublishedTable } from './table.ts'

export const tables: readonly PublishedTable[] = [
  besson,
  klucb,
  auer,
  delay,
  nonstationary,
  chapelleLi,
  censoring,
]

/** Tables of contextual policies, which the simulator does not play yet. */
export const laterTables: readonly string[] = ['wheel', 'digits']
