/** `npm run docs`: the pages of docs/ that are made of the code. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFiles } from './to-files.ts'

for (const [name, text] of toFiles()) await writeFile(join(import.meta.dirname, '..', name), text)
