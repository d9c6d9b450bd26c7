import { setTimeout as sleep } from 'node:timers/promises'

export interface Background {
  /** Resolves when the running turn, if any, is over; no other begins. */
  stop(): Promise<void>
}

/** Runs `task` again and again with `pauseMs` between its end and its next beginning. It must not reject. */
export function runInBackground(task: () => Promise<void>, pauseMs: number): Background {
  const controller = new AbortController()
  const { signal } = controller
  async function run(): Promise<void> {
    while (!signal.aborted) {
      await task()
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      controller.abort()
      await running
    },
  }
}
