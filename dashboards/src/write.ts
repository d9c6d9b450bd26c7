/** `npm run dashboards`: writes what Grafana reads. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFiles } from './to-files.ts'

const folder = join(import.meta.dirname, '..', 'json')
for (const [name, text] of toFiles()) await writeFile(join(folder, name), text)
