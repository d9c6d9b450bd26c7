import { element, setText } from './element.js'

/** The key is kept for as long as the tab is open, and goes nowhere but into the requests of this form. */
const keyName = 'bandit-admin-key'

/** @typedef {{ state?: 'active' | 'paused', min_share?: number | null, max_share?: number | null }} ArmChange */

/**
 * Pauses and resumes the arms of an endpoint and changes their shares, for those who may.
 *
 * @param {string} endpoint
 */
export function createArmControls(endpoint) {
  const arm = element('select', { name: 'arm' })
  const least = shareInput('min_share')
  const most = shareInput('max_share')
  const key = element('input', { type: 'password', name: 'key', autocomplete: 'off', spellcheck: 'false' })
  key.value = sessionStorage.getItem(keyName) ?? ''
  key.addEventListener('change', () => sessionStorage.setItem(keyName, key.value))
  const told = element('p', { class: 'told', role: 'status' })

  /**
   * @param {string} title
   * @param {() => ArmChange} change
   */
  function button(title, change) {
    const made = element('button', { type: 'button', class: 'quiet' }, title)
    made.addEventListener('click', () => void send(change(), title))
    return made
  }

  /**
   * @param {ArmChange} change
   * @param {string} title
   */
  async function send(change, title) {
    setText(told, '')
    const path = `endpoints/${encodeURIComponent(endpoint)}/arms/${encodeURIComponent(arm.value)}`
    const headers = {
      'content-type': 'application/json',
      ...(key.value !== '' && { authorization: `Bearer ${key.value}` }),
    }
    try {
      const answer = await fetch(path, { method: 'PUT', headers, body: JSON.stringify(change) })
      const body = await answer.json()
      setText(told, answer.ok ? `${title}: ${body.name} is ${body.state}` : `${body.title}: ${body.detail}`)
    } catch {
      setText(told, 'The gateway did not answer: nothing is known to have changed')
    }
  }

  return {
    root: element(
      'div',
      { class: 'controls', role: 'group', 'aria-label': 'Change an arm' },
      labelled('Arm', arm),
      button('Pause', () => ({ state: 'paused' })),
      button('Resume', () => ({ state: 'active' })),
      labelled('Least share', least),
      labelled('Greatest share', most),
      button('Set shares', () => ({ min_share: shareOf(least), max_share: shareOf(most) })),
      labelled('Admin key, where keys are asked for', key),
      told,
    ),
    /** @param {readonly string[]} arms */
    show(arms) {
      if (arms.length === arm.options.length && arms.every((name, at) => arm.options[at]?.value === name))
        return
      arm.replaceChildren(...arms.map((name) => element('option', { value: name }, name)))
    },
  }
}

/** @param {string} name */
function shareInput(name) {
  return element('input', {
    type: 'number',
    name,
    min: '0',
    max: '1',
    step: '0.01',
    placeholder: 'as set',
  })
}

/**
 * Null goes back to the configuration.
 *
 * @param {HTMLInputElement} input
 */
function shareOf({ value }) {
  return value === '' ? null : Number(value)
}

/**
 * @param {string} title
 * @param {HTMLElement} field
 */
function labelled(title, field) {
  return element('label', {}, element('span', {}, title), field)
}
