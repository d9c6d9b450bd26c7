import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageFile from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths]) =>
  paths!.split(' '),
)

test('what is copied is there, and reaches the builder', () => {
  const sent = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  for (const path of copied) expect([path, existsSync(join(root, path))]).toEqual([path, true])
  expect(new Set(copied)).toEqual(new Set(sent))
})

test('the image runs the Node that the tests run on, as nobody in particular', () => {
  const [, version] = /^ARG NODE=node:(\S+)-\w+-slim$/m.exec(dockerfile)!
  const [wanted] = /\d+\.\d+/.exec(packageFile.devDependencies.node)!
  expect(version!.startsWith(`${wanted}.`)).toBe(true)
  expect(dockerfile).toMatch(/^USER 1000:1000$/m)
})
