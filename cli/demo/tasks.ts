/** Work that goes on beside its starter, who waits for all of it at the end. */
export interface Tasks {
  add(task: Promise<void>): void
  size(): number
  /** Resolves once nothing is left running; rejects with the first failure there has been. */
  settled(): Promise<void>
}

export const createTasks = (): Tasks => {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []

  const watch = async (task: Promise<void>): Promise<void> => {
    try {
      await task
    } catch (error) {
      failures.push(error)
    }
  }

  return {
    add: (task) => {
      const watched = watch(task).finally(() => running.delete(watched))
      running.add(watched)
    },
    size: () => running.size,
    settled: async () => {
      while (running.size > 0) await Promise.all(running)
      if (failures.length > 0) throw failures[0]
    },
  }
}
