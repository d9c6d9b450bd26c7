import { besson } from './besson.ts'
import { chapelleLi } from './chapelle-li.ts'
import { delay } from './delay.ts'
import { klucb } from './klucb.ts'
import type { PublishedTable } from './table.ts'

export const tables: readonly PublishedTable[] = [besson, klucb, delay, chapelleLi]

/** Tables of contextual policies, which the simulator does not play yet. */
export const laterTables: readonly string[] = ['wheel', 'digits']
