import type { Agent, ControlsRecord, EndpointStore } from '../../bandit/index.ts'
import type { ArmConfig } from '../config/config.ts'
import type { Events } from '../events/events.ts'
import { applyChange, changesOf } from './apply-change.ts'
import { parseControls, toText, type ArmControl, type Controls } from './controls.ts'
import { findFault, toLimits, type LimitsFault, type NamedLimits } from './limits.ts'
import type { ArmChange } from './parse-change.ts'

/** The leash on the arms of one endpoint, the same for every gateway on the store. */
export interface ArmControls {
  /** Reads what was said since, here or elsewhere, and steers by it. Rejects with a StoreUnavailable. */
  synchronise(): Promise<void>
  /** Kept in the store before it resolves. Rejects with a StoreUnavailable, and nothing is changed then. */
  change(arm: string, change: ArmChange, by: string | undefined): Promise<LimitsFault | undefined>
  of(arm: string): ArmControl
  /** One an arm, in the order of the configuration. */
  limits(): readonly NamedLimits[]
}

export interface ArmControlsDeps {
  readonly endpoint: string
  readonly arms: readonly ArmConfig[]
  readonly agent: Pick<Agent, 'steer'>
  readonly store: Pick<EndpointStore, 'readControls' | 'writeControls'>
  readonly events: Pick<Events, 'emit'>
}

/** More changes than can have been lost, so that no gateway knows another text under the same revision. */
const beyondLost = 1000

export function createArmControls({ endpoint, arms, agent, store, events }: ArmControlsDeps): ArmControls {
  let record: ControlsRecord = { revision: 0, text: '' }
  let controls: Controls = {}
  let limits = toLimits(arms, controls)

  function adopt(next: ControlsRecord): void {
    record = next
    controls = parseControls(next.text)
    limits = toLimits(arms, controls)
    agent.steer(limits)
  }

  async function synchronise(): Promise<void> {
    const found = await store.readControls(record.revision)
    if (found === undefined) return
    if (found.revision > record.revision) return adopt(found)
    if (found.revision === record.revision) return
    // The store has lost its last writes. An arm that was paused stays so: what this gateway knows is put back.
    const known = { ...record, revision: record.revision + beyondLost }
    if ((await store.writeControls(found.revision, known)) === 'written') record = known
  }

  /** Undefined where another gateway was quicker: what it said is then to be read first. */
  async function tryChange(arm: string, change: ArmChange): Promise<LimitsFault | 'done' | undefined> {
    const next = applyChange(controls, arm, change)
    if (next === controls) return 'done'
    const fault = findFault(toLimits(arms, next), arm)
    if (fault !== undefined) return fault
    const written = { revision: record.revision + 1, text: toText(next) }
    if ((await store.writeControls(record.revision, written)) === 'conflict') return undefined
    adopt(written)
    return 'done'
  }

  function tell(arm: string, before: ArmControl | undefined, by: string | undefined): void {
    const { minShare, maxShare = 1 } = limits.find(({ name }) => name === arm)!
    const facts = { min_share: minShare, max_share: maxShare, ...(by !== undefined && { by }) }
    for (const kind of changesOf(before, controls[arm])) {
      events.emit({ kind, endpoint, arm, detail: `${details[kind]}${arm} of ${endpoint}`, facts })
    }
  }

  return {
    synchronise,
    async change(arm, change, by) {
      for (;;) {
        await synchronise()
        const before = controls[arm]
        const result = await tryChange(arm, change)
        if (result === undefined) continue
        if (result !== 'done') return result
        tell(arm, before, by)
        return undefined
      }
    },
    of: (arm) => controls[arm] ?? {},
    limits: () => limits,
  }
}

const details: Readonly<Record<string, string>> = {
  arm_paused: 'no request goes to ',
  arm_resumed: 'requests may go again to ',
  arm_shares_changed: 'other shares hold for ',
}
