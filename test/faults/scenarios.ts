import { arms } from './arms.ts'
import { bursts } from './burst.ts'
import { clocks } from './clocks.ts'
import { disks } from './disks.ts'
import { answers } from './answers.ts'
import { exhausted } from './exhausted.ts'
import { emptying } from './emptied-scenarios.ts'
import { feedback } from './feedback.ts'
import { abuse } from './http/abuse.ts'
import { crowds } from './http/crowds.ts'
import { inputs } from './inputs.ts'
import { life } from './life.ts'
import { memory } from './memory.ts'
import { mutations } from './mutations.ts'
import { outages } from './outages.ts'
import { outlasting } from './outlasted.ts'
import { overloads } from './overload.ts'
import { poisons } from './poison.ts'
import { redis } from './redis-scenarios.ts'
import { reloading } from './reloads.ts'
import { rolling } from './rolling.ts'
import type { Scenario } from './bench/scenario.ts'
import { security } from './security/security.ts'
import { stalls } from './stall.ts'
import { stops } from './stops.ts'
import { stores } from './store-scenarios.ts'
import { statistics } from './statistics.ts'
import { workers } from './workers.ts'

/** All that is known how to do, in the order of their ids. */
export const scenarios: readonly Scenario[] = [
  ...workers,
  ...arms,
  ...bursts,
  ...clocks,
  ...disks,
  ...abuse,
  ...crowds,
  ...answers,
  ...poisons,
  ...exhausted,
  ...inputs,
  ...emptying,
  ...feedback,
  ...life,
  ...memory,
  ...mutations,
  ...outages,
  ...outlasting,
  ...overloads,
  ...redis,
  ...reloading,
  ...rolling,
  ...security,
  ...statistics,
  ...stalls,
  ...stops,
  ...stores,
].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
