import { StoreUnavailable, type EndpointStore, type RecordResult } from '../store/store.ts'
import type { Decision, Label } from '../types.ts'
import type { PredictionIds } from './prediction-id.ts'

/** Outputs of a prediction by name, as the client was given them. */
export type Outputs = Readonly<Record<string, unknown>>

/** The labels that something predicted, one a row. */
export type Labels = readonly Label[]

/** Labels of what answered a request beside the arm, by the name under which it is observed. */
export type OtherLabels = Readonly<Record<string, Labels>>

/** All that a true label can be compared with. */
export interface Predicted {
  /** Of the arm whose answer went out. */
  readonly labels: Labels
  readonly others: OtherLabels
}

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
  record(
    decision: Decision,
    outputs: Outputs,
    repeatable: boolean,
    others?: OtherLabels,
  ): Promise<LedgerResult>
  /** Keeps what shadows answered after the record was written. Rejects with a StoreUnavailable. */
  recordShadows(key: string, others: OtherLabels): Promise<void>
  /** A repeatable decision. Rejects with a StoreUnavailable. */
  read(key: string): Promise<DecisionRecord | undefined>
  /**
   * As `record`, for a decision of which only the context has to be kept: that is known before any arm has
   * answered. Rejects with a StoreUnavailable.
   */
  recordFeatures(key: string, features: Float64Array): Promise<LedgerResult>
  /** The labels that a decision predicted. Rejects with a StoreUnavailable. */
  readLabels(key: string): Promise<Predicted | undefined>
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
  /** Whether there are records of shadows to look for. */
  readonly shadowed?: boolean | undefined
  /** Keeps a record until the store can take it; absent where nobody does. Rejects with a StoreUnavailable. */
  readonly whileAway?: ((record: AwayRecord, reason: Error) => Promise<void>) | undefined
}

export interface AwayRecord {
  readonly key: string
  readonly value: string
  readonly ttlMs: number
}

/** One letter a field: this is stored once a decision. */
interface Stored {
  readonly l?: Labels
  readonly m?: OtherLabels
  readonly d?: Decision
  readonly o?: Outputs
  /** Features in whole thousandths. */
  readonly x?: readonly number[]
}

/** Records outlive the window a little, so that feedback at its last moment is late or on time, never unknown. */
const slackMs = 60_000

export function createLedger(deps: LedgerDeps): Ledger {
  const { ids, store, windowMs, labelOutput, shadowed = false, whileAway } = deps
  const ttlMs = windowMs + slackMs

  async function write(key: string, what: Stored | OtherLabels): Promise<RecordResult> {
    const value = JSON.stringify(what)
    try {
      return await store.recordDecision(key, value, ttlMs)
    } catch (error) {
      if (whileAway === undefined || !(error instanceof StoreUnavailable)) throw error
      await whileAway({ key, value, ttlMs }, error)
      return { status: 'recorded' }
    }
  }

  async function findShadows(key: string): Promise<OtherLabels | undefined> {
    const text = shadowed ? await store.readDecision(shadowsKey(key)) : undefined
    return text === undefined ? undefined : (JSON.parse(text) as OtherLabels)
  }

  async function find(key: string): Promise<Stored | undefined> {
    const text = await store.readDecision(key)
    return text === undefined ? undefined : (JSON.parse(text) as Stored)
  }

  return {
    sign: (decision) => ids.sign(decision),
    async record(decision, outputs, repeatable, others) {
      const stored: Stored = {
        ...(labelOutput !== undefined && { l: toLabels(outputs[labelOutput]) }),
        ...(others !== undefined && { m: others }),
        ...(decision.features !== undefined && { x: toThousandths(decision.features) }),
        ...(repeatable && { d: withoutBasis(decision), o: outputs }),
      }
      const result = await write(decision.key, stored)
      if (result.status === 'recorded') return result
      const record = toRecord(JSON.parse(result.value) as Stored, ids)
      // A record under the key of an unrepeatable decision is this very one, sent again after a lost reply.
      return record === undefined ? { status: 'recorded' } : { status: 'exists', ...record }
    },
    async recordShadows(key, others) {
      await write(shadowsKey(key), others)
    },
    async recordFeatures(key, features) {
      await write(key, { x: toThousandths(features) })
      return { status: 'recorded' }
    },
    async read(key) {
      const stored = await find(key)
      return stored === undefined ? undefined : toRecord(stored, ids)
    },
    async readLabels(key) {
      const [stored, shadows] = await Promise.all([find(key), findShadows(key)])
      return stored?.l && { labels: stored.l, others: { ...shadows, ...stored.m } }
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

/** Shadows answer later than the arm, and the first value under a key stands. */
function shadowsKey(key: string): string {
  return `${key}/shadows`
}

/** An output as a client is given it, as labels. */
export function toLabels(output: unknown): Labels {
  return (Array.isArray(output) ? output : [output]).flat() as Label[]
}
