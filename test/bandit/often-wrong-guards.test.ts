import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What published implementations are known to get wrong, and the test that would fail if ours did. */
const guards: readonly (readonly [mistake: string, file: string, test: string])[] = [
  ['ties go to the first arm', 'bandit/policies/ucb1', 'equal indices share equally'],
  [
    'a first batch goes to one arm',
    'bandit/policies/ucb1',
    'pending pulls alone spread the first batch over the arms',
  ],
  [
    'between two batches of feedback a UCB repeats one arm',
    'bandit/policies/ucb1',
    'equal indices go to the fewest pending',
  ],
  [
    'pending, censored and failed are one',
    'contract/store/buckets',
    'writes unrewarded pulls off when there is no default',
  ],
  [
    'a default comes before the window is over',
    'contract/store/buckets',
    'does nothing while a reward could still be on time',
  ],
  [
    'successes are learned early and failures late',
    'bandit/delay/censoring',
    'counting pulls by their age finds the better arm, without a wait and without a bias',
  ],
  [
    'a window hides the arm whose rewards are slow',
    'bandit/delay/window-warning',
    'names the arms, what is hidden of each, and the shortest window that would tell',
  ],
  [
    'two duplicates at once count twice',
    'contract/learning',
    'applies one of thirty that say the same at once through three gateways',
  ],
  [
    'a truth after a default counts beside it',
    'contract/taking-back',
    'truth after a default leaves the very sums of truth before it',
  ],
  [
    'feedback before its decision is thrown away',
    'gateway/feedback/parking',
    'feedback that overtakes its prediction is parked, and applied when the prediction is there',
  ],
  [
    'fractional rewards make a Bernoulli posterior',
    'bandit/beliefs/reward-model',
    'bernoulli rewards by the coin of each decision',
  ],
  ['rewards out of bounds or NaN are learned', 'bandit/beliefs/statistics', '%d is no reward'],
  [
    'a prior is worth any number of rewards',
    'bandit/beliefs/priors',
    'an arm inherits what another has learned: its mean, and its rewards by the weight up to the cap',
  ],
  [
    'propensities are counted from a few draws',
    'bandit/policies/probability-best',
    'a million draws of the posteriors themselves agree',
  ],
  [
    'what is logged is not what was drawn from',
    'bandit/agent-draws',
    'a million decisions fall as often on each arm as is said',
  ],
  [
    'floors leave a sum above 1',
    'bandit/decisions/distribution',
    'lift the arms below them at the cost of those above',
  ],
  [
    'the propensity is taken again when the reward comes',
    'bandit/learner-draws',
    'a reward is divided by the propensity that its id carries, and by the same when it is corrected',
  ],
  [
    'only the arm that is played fades, or the prior fades too',
    'bandit/often-wrong',
    'fades the arms that nobody plays as fast as the one that is played, and never the prior',
  ],
  [
    'a sliding window goes by arrival',
    'bandit/often-wrong',
    'goes by when a decision was made, however late its reward comes',
  ],
  [
    'a cap on samples freezes what is believed',
    'bandit/often-wrong',
    'no number of rewards is enough: after ten million, one more still moves the mean',
  ],
  ['KL-UCB leaves [0, 1] or never ends', 'bandit/beliefs/kl', 'is the largest mean that the level allows'],
  [
    'a regression drifts until it is not positive definite',
    'bandit/linear/ridge',
    'a million decisions in one context leave a factor and a variance above 0',
  ],
  [
    'a batch is not the sum of its rewards',
    'bandit/often-wrong',
    'a batch of rewards is what the same rewards are one by one, by context too',
  ],
  [
    'sums in the store depend on the order of arrival',
    'contract/any-order',
    'three gateways end with the bits of one that is told everything once, from scratch',
  ],
  [
    'looking again and again finds a winner by chance',
    'bandit/beliefs/identification',
    'looking after every reward',
  ],
  [
    'another meaning of the reward goes on with the old sums',
    'bandit/often-wrong',
    'starts from nothing where the reward means something else, and finds its own again',
  ],
  [
    'an arm that comes later is judged by what the others had',
    'bandit/often-wrong',
    'by an arm that is added keeps what the others learned, and that one starts from its prior',
  ],
  [
    'the answer of a fallback is credited to another arm',
    'bandit/often-wrong',
    'an arm that fails is masked and drawn again: the propensity is over the arms that were left',
  ],
  [
    'a log is asked what it cannot know',
    'bandit/evaluate/estimators',
    'misses what the log would have chosen less than once',
  ],
  [
    'max of losses is 0',
    'bandit/rewards/combine',
    'count by where they lie, not from a 0 of the rule itself',
  ],
  [
    'a retry draws another arm',
    'bandit/agent',
    'draws the same arm for the same key and reports the propensity it drew with',
  ],
]

test.each(guards)('%s: %s.ts would tell', (_, file, title) => {
  const path = (ending: string) => new URL(`../${file}${ending}`, import.meta.url)
  expect(readFileSync(path(file.startsWith('contract/') ? '.ts' : '.test.ts'), 'utf8')).toContain(title)
})
