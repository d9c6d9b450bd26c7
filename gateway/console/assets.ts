import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Asset {
  readonly type: string
  readonly text: string
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Every file that the page may ask for, by name. Nothing that is not in this table can be read. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const folder = join(import.meta.dirname, 'browser')
  const own = readdirSync(folder).map((name) => join(folder, name))
  const drawn = ['uplot/dist/uPlot.esm.js', 'uplot/dist/uPlot.min.css'].map((file) =>
    fileURLToPath(import.meta.resolve(file)),
  )
  const paths = [...own, ...drawn].filter((path) => extname(path) in types)
  return new Map(
    paths.map((path) => [nameOf(path), { type: types[extname(path)]!, text: readFileSync(path, 'utf8') }]),
  )
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
