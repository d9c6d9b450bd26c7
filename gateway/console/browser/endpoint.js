import { createArmControls } from './arm-controls.js'
import { createArmTable } from './arm-table.js'
import { element, setChildren, setText } from './element.js'
import { createEndpointCharts } from './endpoint-charts.js'
import { createFacts } from './facts.js'
import { explorationCost, gotOf, healthOf, leaderOf, noticesOf, ratesOf } from './figures.js'
import { count, duration, percent, rate, reward } from './format.js'
import { createDecisionTable, createEventTable } from './notes.js'

/** @typedef {import('../shape.ts').EndpointPicture} EndpointPicture */

/**
 * One endpoint in full.
 *
 * @param {string} name
 */
export function createEndpointPage(name) {
  const settings = element('p', { class: 'settings' })
  const health = element('p')
  const verdict = element('p', { class: 'headline' })
  const certainty = element('p', { class: 'certainty' })
  const warnings = element('ul', { class: 'warnings' })
  const facts = createFacts([
    ['Requests/s', 'Answered, on all gateways, over the last ten seconds'],
    ['Feedback/s', 'Decisions of which feedback came, over the last ten seconds'],
    ['Waiting for feedback', 'Pulls that still wait for their reward'],
    ['Exploring', 'Share of the requests that do not go to the leader'],
    ['Exploration costs', 'Expected reward that 1,000 requests give up because not all go to the leader'],
    [
      'Got so far',
      'Expected reward since the gateway started, as a part of what the best arm alone would have got',
    ],
    ['Learned from', 'Decisions whose reward is known'],
  ])
  const charts = createEndpointCharts()
  const table = createArmTable()
  const controls = createArmControls(name)
  const decisions = createDecisionTable()
  const events = createEventTable()
  const panel = (/** @type {string} */ title, /** @type {HTMLElement} */ content) =>
    element('section', { class: 'panel' }, element('h2', {}, title), content)
  const root = element(
    'div',
    {},
    element('div', { class: 'title' }, element('h1', {}, name), health, settings),
    warnings,
    element(
      'section',
      { class: 'panel answer', 'aria-label': 'Which arm is best' },
      verdict,
      certainty,
      facts.root,
    ),
    element('div', { class: 'charts' }, ...charts.roots),
    panel('Arms', element('div', {}, table.root, controls.root)),
    element(
      'div',
      { class: 'notes' },
      panel('Latest decisions', decisions.root),
      panel('Events', events.root),
    ),
  )

  /** @param {EndpointPicture} endpoint */
  function showAnswer(endpoint) {
    const { history } = endpoint
    const { arms } = endpoint.now
    const leader = leaderOf(arms)
    const { requests, feedback } = ratesOf(history)
    const got = leader && gotOf(history)
    const sum = (/** @type {(arm: typeof arms[number]) => number} */ of) =>
      arms.reduce((total, arm) => total + of(arm), 0)
    setText(verdict, tellVerdict(leader, endpoint))
    setText(
      certainty,
      leader === undefined
        ? 'It is not known yet how good the arms are: no feedback has come.'
        : tellCertainty(leader, arms),
    )
    facts.show([
      rate(requests),
      rate(feedback),
      count(sum(({ pending }) => pending)),
      leader === undefined ? '–' : percent(1 - leader.share),
      leader === undefined ? '–' : `${reward(explorationCost(arms))} per 1,000`,
      got === undefined ? '–' : `${percent(got)} of best`,
      count(sum((arm) => arm.rewarded + arm.defaulted)),
    ])
    return leader
  }

  return {
    root,
    title: name,
    /** @param {readonly EndpointPicture[]} endpoints */
    show(endpoints) {
      const endpoint = endpoints.find((each) => each.name === name)
      if (endpoint === undefined) return setText(verdict, 'This gateway has no such endpoint')
      const { now, policy, reward: rewards } = endpoint
      const state = healthOf(endpoint)
      setText(health, state.text)
      health.className = `health state ${state.level}`
      setText(
        settings,
        `${policy} · learns from ${rewards.from === 'label' ? 'true labels' : 'rewards'} within ${duration(rewards.windowMs)}`,
      )
      const notices = noticesOf(now)
      setChildren(
        warnings,
        notices.map((text) => element('li', {}, text)),
      )
      warnings.hidden = notices.length === 0
      const leader = showAnswer(endpoint)
      const colours = charts.show(endpoint)
      const from = Math.min(...now.arms.map(({ interval }) => interval[0]))
      const to = Math.max(...now.arms.map(({ interval }) => interval[1]))
      const rows = Array.from(now.arms, (arm, at) => ({
        ...arm,
        colour: colours[at] ?? '',
        isLeader: arm === leader,
        from,
        to,
      }))
      table.show(rows.toSorted((a, b) => b.probabilityBest - a.probabilityBest || b.mean - a.mean))
      controls.show(now.arms.map((arm) => arm.name))
      decisions.show(
        Array.from(endpoint.decisions.toReversed(), (decision, place) => ({ ...decision, place })),
      )
      events.show(endpoint.events.toReversed())
    },
    close: () => charts.close(),
  }
}

/**
 * @param {EndpointPicture['now']['arms'][number] | undefined} leader
 * @param {EndpointPicture} endpoint
 */
function tellVerdict(leader, { now: { arms, found } }) {
  if (leader === undefined) return 'Nothing learned yet'
  if (arms.length === 1) return `${leader.name} is the only arm`
  if (found !== undefined) return `${found} was found to be best`
  return `${leader.name} is best with ${percent(leader.probabilityBest)} probability`
}

/**
 * @param {EndpointPicture['now']['arms'][number]} leader
 * @param {EndpointPicture['now']['arms']} arms
 */
function tellCertainty(leader, arms) {
  const [low, high] = leader.interval
  const own = `Its mean reward is believed to be ${reward(leader.mean)}, with 90 % probability between ${reward(low)} and ${reward(high)}.`
  const rivals = arms
    .filter((arm) => arm !== leader)
    .toSorted((a, b) => b.probabilityBest - a.probabilityBest)
  const rival = rivals[0]
  if (rival === undefined) return own
  return `${own} Next is ${rival.name} with ${reward(rival.mean)}, best with ${percent(rival.probabilityBest)}.`
}
