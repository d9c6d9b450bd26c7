import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Every point between a client's feedback and its sums at which something can die or be lost, and the test that does it.
 * The order inside a gateway is: verify, journal, store, settle, answer.
 */
const crashPoints: readonly (readonly [what: string, file: string, test: string])[] = [
  [
    'the client dies before sending',
    'contract/store/buckets.ts',
    'gives each unrewarded pull the default reward',
  ],
  ['the connection is lost in mid-body', 'gateway/feedback/feedback.test.ts', 'a body that breaks off'],
  ['the gateway dies before the journal', 'e2e/journal-crash-points.test.ts', 'before the journal'],
  ['after the journal', 'e2e/journal-crash-points.test.ts', 'after the journal'],
  ['the store did it and its answer is lost', 'faults/histories/on-redis.ts', 'dropReplies: 1'],
  ['the gateway dies before settling', 'e2e/journal-crash-points.test.ts', 'after the store'],
  ['after settling, before the answer', 'e2e/journal-crash-points.test.ts', 'after settling'],
  ['after an answer of 202', 'e2e/gateway/journal.test.ts', 'the gateway may be killed too'],
  ['the machine loses power', 'bandit/journal/open-journal.test.ts', 'are on the disk in one flush for many'],
  ['the disk is lost and there is no journal', 'e2e/gateway/redis-killed.test.ts', 'no journal'],
  ['Redis is killed after its answer', 'faults/redis-scenarios.ts', 'kill -9 of a single Redis'],
  ['Redis comes back empty', 'bandit/journal/journalled-learner.test.ts', 'gets back what was acknowledged'],
  [
    'Redis comes back empty, and journals have forgotten',
    'e2e/gateway/redis-emptied.test.ts',
    'older than the journal',
  ],
  ['it is emptied again and again', 'contract/emptied/histories.ts', 'that is emptied at any time'],
  ['a master is killed', 'faults/redis-scenarios.ts', 'kill -9 of the master that three Sentinels watch'],
  [
    'a master is frozen and resumes',
    'faults/redis-scenarios.ts',
    'SIGSTOP of the master that three Sentinels',
  ],
  [
    'a partition, and the master of the few acknowledges',
    'faults/redis-scenarios.ts',
    'between the gateway with the old master',
  ],
  ['memory is full amid a script', 'bandit/store/redis/redis-away.redis.test.ts', 'nothing is half written'],
  [
    'a script is refused half-way',
    'bandit/store/redis/redis-scripts.redis.test.ts',
    'before it has written anything',
  ],
  ['scripts are forgotten', 'bandit/store/redis/redis-scripts.redis.test.ts', 'has forgotten are sent again'],
  ['the answer to a flush of pulls is lost', 'contract/store/pulls.ts', 'adds a flush once, however often'],
  ['two gateways, one event, at once', 'contract/store/many-at-once.ts', 'of 30 identical rewards'],
  ['two gateways end a bucket', 'contract/store/buckets.ts', 'once, in turn and by several gateways at once'],
  [
    'a correction overtakes the original',
    'faults/histories/on-redis.ts',
    'What is newest is what happened last',
  ],
  [
    'it is replayed after its window',
    'bandit/journal/journalled-learner.test.ts',
    'the window is judged by when',
  ],
  ['the signing key is rotated', 'bandit/ledger/prediction-id.test.ts', 'keys rotate'],
  ['a slot of a Cluster moves', 'faults/redis-scenarios.ts', 'moved to another master, key by key'],
  ['a clock steps back', 'bandit/journal/journalled-learner.test.ts', 'a clock that steps back an hour'],
]

test.each(crashPoints)('%s: there is a test of it', async (_what, file, name) => {
  expect(await readFile(join(import.meta.dirname, file), 'utf8')).toContain(name)
})
