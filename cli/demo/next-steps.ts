/** What somebody who has seen the demo may want to do now. */
export const nextSteps = [
  'Try next:',
  '  npm run demo -- --policy ucb1      another rule, the same images; or uniform',
  '  npm run demo -- --seed 2           other images, other delays',
  '  npm run demo -- --redis URL        the statistics in Redis instead of an SQLite file',
  '  npm run demo -- --keep             the gateway stays on afterwards, to be called with curl',
  '  npm start                          the gateway alone, ready for your own requests',
  'While it runs, kill -9 a worker or the gateway from another terminal: nothing is lost.',
] as const
