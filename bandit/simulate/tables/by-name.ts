import { auer } from './auer.ts'
import { besson } from './besson.ts'
import { censoring } from './censoring.ts'
import { chapelleLi } from './chapelle-li.ts'
import { delay } from './delay.ts'
import { digits } from './digits.ts'
import { identification } from './identification.ts'
import { klucb } from './klucb.ts'
import { nonstationary } from './nonstationary.ts'
import { stopping } from './stopping.ts'
import type { PublishedTable } from './table.ts'
import { wheel } from './wheel.ts'

export const tables: readonly PublishedTable[] = [
  besson,
  klucb,
  auer,
  delay,
  nonstationary,
  chapelleLi,
  censoring,
  identification,
  wheel,
  digits,
  stopping,
]
