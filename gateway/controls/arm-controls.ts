import type { Agent, ControlsRecord, EndpointStore } from '../../bandit/index.ts'
import type { ArmConfig } from '../config/endpoint-config.ts'
import type { NewEvent } from '../events/event.ts'
import type { Events } from '../events/events.ts'
import { parseControls, toText, type ArmControl, type Controls } from './controls.ts'
import { toLimits, type NamedLimits } from './limits.ts'

/** The leash on the arms of one endpoint, the same for every gateway on the store. */
export interface ArmControls {
  /** Reads what was said since, here or elsewhere, and steers by it. Rejects with a StoreUnavailable. */
  synchronise(): Promise<void>
  /**
   * Asks `decide` what is to be said now, and again wherever another gateway was quicker; it must have no effect.
   * Kept in the store, and told, before it resolves; true when something was said. Rejects with a StoreUnavailable,
   * and with whatever `decide` throws: nothing is changed then.
   */
  update(decide: (controls: Controls) => Said | undefined): Promise<boolean>
  of(arm: string): ArmControl
  /** One an arm, in the order of the configuration. */
  limits(): readonly NamedLimits[]
}

/** The controls from now on, and what is to be told of it. */
export interface Said {
  readonly controls: Controls
  readonly events: readonly Omit<NewEvent, 'endpoint'>[]
}

export interface ArmControlsDeps {
  readonly endpoint: string
  readonly arms: readonly ArmConfig[]
  readonly agent: Pick<Agent, 'steer' | 'experience'>
  readonly store: Pick<EndpointStore, 'readControls' | 'writeControls'>
  readonly events: Pick<Events, 'emit'>
}

/** More changes than can have been lost, so that no gateway knows another text under the same revision. */
const beyondLost = 1000

export function createArmControls({ endpoint, arms, agent, store, events }: ArmControlsDeps): ArmControls {
  let record: ControlsRecord = { revision: 0, text: '' }
  let controls: Controls = {}
  let limits = toLimits(arms, controls, agent.experience())
  agent.steer(limits)

  function adopt(next: ControlsRecord): void {
    record = next
    controls = parseControls(next.text)
    steer()
  }

  /** Only where they are others: decisions are drawn anew from then on. */
  function steer(): void {
    const next = toLimits(arms, controls, agent.experience())
    if (JSON.stringify(next) === JSON.stringify(limits)) return
    limits = next
    agent.steer(limits)
  }

  async function read(): Promise<void> {
    const found = await store.readControls(record.revision)
    if (found === undefined || found.revision === record.revision) return
    if (found.revision > record.revision) return adopt(found)
    // The store has lost its last writes. An arm that was paused stays so: what this gateway knows is put back.
    const known = { ...record, revision: record.revision + beyondLost }
    if ((await store.writeControls(found.revision, known)) === 'written') record = known
  }

  return {
    async synchronise() {
      await read()
      steer()
    },
    async update(decide) {
      for (;;) {
        await read()
        const { revision } = record
        const said = decide(controls)
        if (said === undefined) return false
        const next = { revision: revision + 1, text: toText(said.controls) }
        if ((await store.writeControls(revision, next)) === 'written') {
          adopt(next)
          for (const event of said.events) events.emit({ ...event, endpoint })
          return true
        }
      }
    },
    of: (arm) => controls[arm] ?? {},
    limits: () => limits,
  }
}
