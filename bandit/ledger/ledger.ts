import type { EndpointStore } from '../store/store.ts'
import type { Decision, Label } from '../types.ts'
import type { PredictionIds } from './prediction-id.ts'

/** Outputs of a prediction by name, as the client was given them. */
export type Outputs = Readonly<Record<string, unknown>>

/** A decision under the caller's own id, kept whole. */
export interface DecisionRecord {
  readonly decision: Decision
  readonly predictionId: string
  readonly outputs: Outputs
}

export type LedgerResult = { readonly status: 'recorded' } | ({ readonly status: 'exists' } & DecisionRecord)

/** Which decision is a feedback about, and what did it answer? */
export interface Ledger {
  sign(decision: Decision): string
  /**
   * Keeps what the id cannot carry; the first record of a decision's key stands. A repeatable decision (one made
   * under the caller's own id) is kept whole, so that asking again gives the same answer. Rejects with a
   * StoreUnavailable.
   */
  record(decision: Decision, outputs: Outputs, repeatable: boolean): Promise<LedgerResult>
  /** A repeatable decision. Rejects with a StoreUnavailable. */
  read(key: string): Promise<DecisionRecord | undefined>
  /**
   * As `record`, for a decision of which only the context has to be kept: that is known before any arm has
   * answered. Rejects with a StoreUnavailable.
   */
  recordFeatures(key: string, features: Float64Array): Promise<LedgerResult>
  /** The labels that a decision predicted, one a row. Rejects with a StoreUnavailable. */
  readLabels(key: string): Promise<readonly Label[] | undefined>
  /** The context that a decision was made in, encoded. Rejects with a StoreUnavailable. */
  readFeatures(key: string): Promise<Float64Array | undefined>
}

export interface LedgerDeps {
  readonly ids: PredictionIds
  readonly store: EndpointStore
  /** Records live as long as feedback about them counts. */
  readonly windowMs: number
  /** Output that a true label is compared with; undefined when feedback brings rewards. */
  readonly labelOutput: string | undefined
}

/** One letter a field: this is stored once a decision. */
interface Stored {
  readonly l?: readonly Label[]
  readonly d?: Decision
  readonly o?: Outputs
  /** Features in whole thousandths. */
  readonly x?: readonly number[]
}

/** Records outlive the window a little, so that feedback at its last moment is late or on time, never unknown. */
const slackMs = 60_000

export function createLedger({ ids, store, windowMs, labelOutput }: LedgerDeps): Ledger {
  async function find(key: string): Promise<Stored | undefined> {
    const text = await store.readDecision(key)
    return text === undefined ? undefined : (JSON.parse(text) as Stored)
  }

  return {
    sign: (decision) => ids.sign(decision),
    async record(decision, outputs, repeatable) {
      const stored: Stored = {
        ...(labelOutput !== undefined && { l: toLabels(outputs[labelOutput]) }),
        ...(decision.features !== undefined && { x: toThousandths(decision.features) }),
        ...(repeatable && { d: withoutBasis(decision), o: outputs }),
      }
      const result = await store.recordDecision(decision.key, JSON.stringify(stored), windowMs + slackMs)
      if (result.status === 'recorded') return result
      const record = toRecord(JSON.parse(result.value) as Stored, ids)
      // A record under the key of an unrepeatable decision is this very one, sent again after a lost reply.
      return record === undefined ? { status: 'recorded' } : { status: 'exists', ...record }
    },
    async recordFeatures(key, features) {
      const stored: Stored = { x: toThousandths(features) }
      await store.recordDecision(key, JSON.stringify(stored), windowMs + slackMs)
      return { status: 'recorded' }
    },
    async read(key) {
      const stored = await find(key)
      return stored === undefined ? undefined : toRecord(stored, ids)
    },
    async readLabels(key) {
      return (await find(key))?.l
    },
    async readFeatures(key) {
      const thousandths = (await find(key))?.x
      return thousandths && Float64Array.from(thousandths, (each) => each / 1000)
    },
  }
}

/** What was drawn from is the decision log's to keep, and the context stands beside. */
function withoutBasis({ basis: _, features: __, ...decision }: Decision): Decision {
  return decision
}

function toThousandths(features: Float64Array): number[] {
  return Array.from(features, (feature) => Math.round(feature * 1000))
}

function toRecord(stored: Stored, ids: PredictionIds): DecisionRecord | undefined {
  if (stored.d === undefined || stored.o === undefined) return undefined
  return { decision: stored.d, predictionId: ids.sign(stored.d), outputs: stored.o }
}

function toLabels(output: unknown): readonly Label[] {
  return (Array.isArray(output) ? output : [output]).flat() as Label[]
}
