import { expect, test } from 'vitest'
import { faultLines } from '../../../fixtures/sound-config.ts'
import { arm, both, expectFault, type FaultCase, models } from '../fixtures/faulty.ts'

test.each<FaultCase>([
  ['neither kind of arm', arm('»{ min_share: 0 }'), 'endpoints.e.arms.x', /an arm has either/],
  [
    'both kinds',
    arm(`»{ model: a, ${both} }`),
    'endpoints.e.arms.x',
    /either a model, an ensemble or a value/,
  ],
  ['quorum of one', arm('{ model: a, »quorum: 1 }'), 'endpoints.e.arms.x.quorum', /only an ensemble/],
  [
    'one member',
    arm('{ ensemble: »[a], combine: mean }'),
    'endpoints.e.arms.x.ensemble',
    /at least 2 items, found a list of 1/,
  ],
  [
    'an unknown member',
    arm('{ ensemble: [a, »c], combine: mean }'),
    'endpoints.e.arms.x.ensemble.1',
    /there is no model "c"/,
  ],
  [
    'a member twice',
    arm('{ ensemble: [b, »b], combine: mean }'),
    'endpoints.e.arms.x.ensemble.1',
    /b is a member already/,
  ],
  [
    'no combination',
    arm('»{ ensemble: [a, b] }'),
    'endpoints.e.arms.x',
    /combine: mean, weighted, median, majority, stacked or first/,
  ],
  [
    'a majority with an argmax',
    arm('{ ensemble: [a, b], combine: majority, »argmax: { output: label, over: p } }'),
    'endpoints.e.arms.x.argmax',
    /take argmax out, or use combine: mean/,
  ],
  [
    'another combination',
    arm('{ ensemble: [a, b], combine: »max }'),
    'endpoints.e.arms.x.combine',
    /expected mean, weighted, median, majority, stacked, or first/,
  ],
  [
    'a stranger’s weight',
    arm('{ ensemble: [a, b], combine: weighted, weights: { »c: 1 } }'),
    'endpoints.e.arms.x.weights.c',
    /c is not a member/,
  ],
  [
    'a weight of nothing',
    arm('{ ensemble: [a, b], combine: majority, weights: { a: »0 } }'),
    'endpoints.e.arms.x.weights.a',
    /at least 1e-9, found 0/,
  ],
  [
    'weights of a mean',
    arm(`{ ${both}, »weights: { a: 2 } }`),
    'endpoints.e.arms.x.weights',
    /mean has no weights: take them out, or use combine: weighted/,
  ],
  [
    'weighted by nothing',
    arm('»{ ensemble: [a, b], combine: weighted }'),
    'endpoints.e.arms.x',
    /weights: posterior, or one for each member/,
  ],
  [
    'weights from rewards',
    arm('{ ensemble: [a, b], combine: weighted, weights: »posterior }'),
    'endpoints.e.arms.x.weights',
    /weighed by true labels/,
  ],
  [
    'an ensemble of ensembles',
    `${models}endpoints: { e: { arms: { x: { ${both} }, y: { ensemble: [»x, a], combine: median } } } }`,
    'endpoints.e.arms.y.ensemble.0',
    /x is an ensemble itself: name its models/,
  ],
  [
    'stacked by nothing',
    arm('»{ ensemble: [a, b], combine: stacked }'),
    'endpoints.e.arms.x',
    /say which model combines them: stack:/,
  ],
  [
    'stacked by a stranger',
    arm('{ ensemble: [a, b], combine: stacked, stack: { model: »cc, over: p } }'),
    'endpoints.e.arms.x.stack.model',
    /there is no model "cc"/,
  ],
  [
    'stacked without one',
    arm('{ ensemble: [a, b], combine: stacked, stack: { model: a, over: p }, quorum: »1 }'),
    'endpoints.e.arms.x.quorum',
    /needs what every member says/,
  ],
  [
    'a stack of a mean',
    arm(`{ ${both}, »stack: { model: a, over: p } }`),
    'endpoints.e.arms.x.stack',
    /only combine: stacked/,
  ],
  [
    'two that are first',
    arm('{ ensemble: [a, b], combine: first, quorum: »2 }'),
    'endpoints.e.arms.x.quorum',
    /the first answer is enough/,
  ],
  ['a quorum too high', arm(`{ ${both}, quorum: »3 }`), 'endpoints.e.arms.x.quorum', /there are 2 members/],
  [
    'half an argmax',
    arm(`{ ${both}, argmax: »{ over: p } }`),
    'endpoints.e.arms.x.argmax.output',
    /expected text, found nothing/,
  ],
])('%s', expectFault)

test('a mean of labels, unless the label is made anew from the scores', () => {
  const labels = (more: string): string =>
    `${models}endpoints: { e: { arms: { x: { ${both}${more} } }, reward: { from: label } } }`
  expect(faultLines(labels(''))[0]).toMatch(/^f:2:30 endpoints.e.arms.x: a mean of labels is not a label/)
  expect(faultLines(labels(', argmax: { output: other, over: p }'))).toHaveLength(1)
  expect(faultLines(labels(', argmax: { output: label, over: p }'))).toEqual([])
})
