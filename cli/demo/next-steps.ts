import { extname } from 'node:path'

/** A checkout has scripts; the package holds JavaScript, and is run by its name. */
const [demo, serve] =
  extname(import.meta.filename) === '.ts'
    ? ['npm run demo --', 'npm start']
    : ['npx bandit demo', 'npx bandit serve --config FILE']

const steps = [
  [`${demo} --policy ucb1`, 'another rule, the same images; or uniform'],
  [`${demo} --seed 2`, 'other images, other delays'],
  [`${demo} --redis URL`, 'the statistics in Redis instead of an SQLite file'],
  [`${demo} --keep`, 'the gateway stays on afterwards, to be called with curl'],
  [serve, 'the gateway alone, ready for your own requests'],
] as const

/** What somebody who has seen the demo may want to do now. */
export const nextSteps = [
  'Try next:',
  ...steps.map(([command, what]) => `  ${command.padEnd(35)}${what}`),
  'While it runs, kill -9 a worker or the gateway from another terminal: nothing is lost.',
] as const
