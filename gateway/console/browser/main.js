import { connect } from './connection.js'
import { element, setText } from './element.js'
import { createEndpointPage } from './endpoint.js'
import { time } from './format.js'
import { createOverview } from './overview.js'
import { merge } from './state.js'
import { connectThemeSwitch } from './theme-switch.js'

/** @typedef {{ root: HTMLElement, title: string, show: (endpoints: import('./state.js').EndpointPicture[]) => void, close: () => void }} Page */

const content = byId('content')
const trail = byId('trail')
const connection = byId('connection')
const notice = byId('notice')

/** @type {import('./state.js').ConsoleUpdate | undefined} */
let known
/** @type {Page | undefined} */
let page

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

function open() {
  const name = /^#\/endpoints\/(.+)$/.exec(location.hash)?.[1]
  page?.close()
  page = name === undefined ? createOverview() : createEndpointPage(decodeURIComponent(name))
  document.title = `${page.title} · bandit-gateway`
  trail.replaceChildren(...(name === undefined ? [] : [element('a', { href: '#/' }, 'All endpoints')]))
  content.replaceChildren(page.root)
  show()
}

function show() {
  if (known !== undefined) page?.show([...known.endpoints])
}

globalThis.addEventListener('hashchange', () => {
  open()
  content.focus({ preventScroll: true })
  scrollTo({ top: 0 })
})
byId('theme').hidden = false
connectThemeSwitch(byId('theme'), show)
content.replaceChildren(element('p', { class: 'empty' }, 'Waiting for the gateway'))

connect({
  onUpdate(update) {
    const isFirst = known === undefined
    known = merge(known, update)
    notice.hidden = true
    content.classList.remove('old')
    setText(connection, 'Live')
    connection.className = 'connection state good'
    if (isFirst) open()
    else show()
  },
  onLost() {
    const since = known === undefined ? '' : ` What is shown is from ${time(known.at)}.`
    setText(notice, `The gateway does not answer.${since} Trying again until it does.`)
    notice.hidden = false
    content.classList.add('old')
    setText(connection, 'Reconnecting')
    connection.className = 'connection state warn'
  },
})
