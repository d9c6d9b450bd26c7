import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { StartFault } from '../../start-fault.ts'
import { mostCategories, type Reference } from './bins.ts'

/** By arm and side, what each signal is compared with. */
export type References = Readonly<
  Record<string, Readonly<Partial<Record<'input' | 'output', Readonly<Record<string, Reference>>>>>>
>

const bins = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), edges: z.array(z.number()).max(100) }),
  z.strictObject({ kind: z.literal('category'), categories: z.array(z.string()).max(mostCategories) }),
])

const reference = z
  .strictObject({ bins, counts: z.array(z.int().nonnegative()) })
  .refine(({ bins, counts }) => counts.length === sizeOf(bins) + 1, {
    error: 'expected one count a bin: one more than there are edges or categories',
  })

const side = z.record(z.string(), reference)
const file = z.record(z.string(), z.strictObject({ input: side.optional(), output: side.optional() }))

function sizeOf(given: z.output<typeof bins>): number {
  return given.kind === 'number' ? given.edges.length : given.categories.length
}

/** @throws StartFault when it cannot be read or is not what `GET /endpoints/{endpoint}/drift` answers */
export async function readReferences(path: string): Promise<References> {
  const mend = 'write it with curl from /endpoints/{endpoint}/drift, or give a number of predictions instead'
  let parsed: ReturnType<typeof file.safeParse>
  try {
    parsed = file.safeParse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new StartFault(`drift.reference ${path} cannot be read: ${mend}`, { cause })
  }
  if (parsed.success) return parsed.data as References
  const [issue] = parsed.error.issues
  throw new StartFault(`drift.reference ${path}, at ${issue?.path.join('.')}: ${issue?.message}: ${mend}`)
}
