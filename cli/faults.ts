import { CommanderError } from 'commander'

/** What the user is told of a failed command, without a stack; undefined when commander has told it already. */
export const explain = (error: unknown): string | undefined => {
  if (error instanceof CommanderError) return undefined
  return `bandit: ${error instanceof Error ? error.message : String(error)}`
}

/** 2 for bad usage, 1 for everything else that went wrong, 0 for help that was asked for. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const stated = error instanceof Error && 'exitCode' in error ? error.exitCode : undefined
  return typeof stated === 'number' ? stated : 1
}
