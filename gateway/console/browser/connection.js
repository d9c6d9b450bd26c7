/** @typedef {import('../shape.ts').ConsoleUpdate} ConsoleUpdate */

/** The gateway speaks every second: silence this long means that it, or the way to it, is gone. */
const silenceMs = 5000
const retryMs = [500, 1000, 2000, 4000]

/**
 * Listens for as long as the page lives, and tries again whenever the stream ends.
 *
 * @param {{ onUpdate: (update: ConsoleUpdate) => void, onLost: () => void }} listener
 */
export function connect({ onUpdate, onLost }) {
  let tries = 0
  open()

  function open() {
    const source = new EventSource('console/stream')
    let watchdog = setTimeout(lost, silenceMs)
    source.addEventListener('message', ({ data }) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(lost, silenceMs)
      tries = 0
      onUpdate(JSON.parse(data))
    })
    source.addEventListener('error', lost)

    function lost() {
      if (source.readyState === EventSource.CLOSED && watchdog === 0) return
      clearTimeout(watchdog)
      watchdog = 0
      source.close()
      onLost()
      setTimeout(open, retryMs[Math.min(tries++, retryMs.length - 1)])
    }
  }
}
