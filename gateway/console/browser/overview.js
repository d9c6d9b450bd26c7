import { element, setChildren, setText } from './element.js'
import { createFacts } from './facts.js'
import { healthOf, leaderOf, ratesOf } from './figures.js'
import { count, percent, rate, reward } from './format.js'
import { createShareBar } from './share-bar.js'
import { assignSlots, readPalette } from './slots.js'

/** @typedef {import('../shape.ts').EndpointPicture} EndpointPicture */

/** Every endpoint at a glance. */
export function createOverview() {
  const list = element('ul', { class: 'endpoints' })
  const root = element('div', {}, element('h1', {}, 'Endpoints'), list)
  /** @type {Map<string, ReturnType<typeof createCard>>} */
  const cards = new Map()
  return {
    root,
    title: 'Endpoints',
    /** @param {readonly EndpointPicture[]} endpoints */
    show(endpoints) {
      for (const endpoint of endpoints) {
        const card = cards.get(endpoint.name) ?? createCard(endpoint.name)
        cards.set(endpoint.name, card)
        card.show(endpoint)
      }
      setChildren(
        list,
        endpoints.flatMap(({ name }) => cards.get(name)?.root ?? []),
      )
    },
    close() {},
  }
}

/** @param {string} name */
function createCard(name) {
  const health = element('span', { class: 'health' })
  const verdict = element('p', { class: 'verdict' })
  const bar = createShareBar()
  const facts = createFacts([
    ['Requests/s', 'Answered, on all gateways, over the last ten seconds'],
    ['Feedback/s', 'Decisions of which feedback came, over the last ten seconds'],
    ['Waiting', 'Pulls that still wait for their reward'],
    ['Warnings', 'Reasons to change the settings'],
  ])
  const link = element('a', { href: `#/endpoints/${encodeURIComponent(name)}` }, name)
  const root = element(
    'li',
    { class: 'panel card' },
    element('h2', {}, link),
    health,
    verdict,
    bar.root,
    facts.root,
  )
  /** @type {ReadonlyMap<string, number>} */
  let slots = new Map()
  return {
    root,
    /** @param {EndpointPicture} endpoint */
    show(endpoint) {
      const { arms, warnings } = endpoint.now
      const state = healthOf(endpoint)
      setText(health, state.text)
      health.className = `health state ${state.level}`
      const leader = leaderOf(arms)
      setText(
        verdict,
        leader === undefined
          ? `Nothing learned yet of ${count(arms.length)} ${arms.length === 1 ? 'arm' : 'arms'}`
          : `${leader.name} leads with ${reward(leader.mean)}, best with ${percent(leader.probabilityBest)}`,
      )
      slots = assignSlots(slots, arms)
      const palette = readPalette()
      bar.show(
        arms.map(({ name: arm, share }) => ({
          name: arm,
          share,
          colour: slots.has(arm) ? palette(slots.get(arm)) : undefined,
        })),
        palette(undefined),
      )
      const { requests, feedback } = ratesOf(endpoint.history)
      const pending = arms.reduce((sum, arm) => sum + arm.pending, 0)
      facts.show([rate(requests), rate(feedback), count(pending), count(warnings.length)])
    },
  }
}
