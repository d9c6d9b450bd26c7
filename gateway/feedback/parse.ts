import * as z from 'zod'
import type { Feedback, Label } from '../../bandit/index.ts'
import { invalid, missing, parseFields, textField, type Fields } from '../http/fields.ts'

const known = new Set(['prediction_id', 'endpoint', 'id', 'reward', 'label', 'void', 'event_id', 'at'])
const maxIdLength = 128
const maxLabelText = 256
/** Clocks differ a little; an event cannot come from later than that. */
const maxAheadMs = 5000

const timestamp = z.iso.datetime({ offset: true })

/**
 * One feedback as parsed from JSON.
 *
 * @param now milliseconds since 1970
 * @throws GatewayError unknown_field, missing_field, invalid_field
 */
export function parseFeedback(value: unknown, now: number): Feedback {
  const fields = parseFields(value, known)
  return { ...parseSubject(fields), ...parseValue(fields), ...parseEvent(fields, now) }
}

/** Which prediction it is about: ours by its id, or the caller's own by endpoint and id. */
function parseSubject(fields: Fields): Pick<Feedback, 'predictionId' | 'callerId'> {
  const predictionId = fields['prediction_id']
  const endpoint = textField(fields, 'endpoint', 64)
  const id = textField(fields, 'id', maxIdLength)
  if (predictionId !== undefined) {
    if (typeof predictionId !== 'string') {
      throw invalid('/prediction_id', 'expected the text that /predict answered', predictionId)
    }
    if (endpoint === undefined && id === undefined) return { predictionId }
    const pointer = endpoint === undefined ? '/id' : '/endpoint'
    throw invalid(pointer, 'expected prediction_id alone, or endpoint and id without it', endpoint ?? id)
  }
  if (id === undefined)
    throw missing('prediction_id', 'it, or endpoint and the id you sent with the prediction')
  if (endpoint === undefined) throw missing('endpoint', 'the endpoint that the prediction was asked of')
  return { callerId: { endpoint, id } }
}

function parseValue(fields: Fields): Pick<Feedback, 'reward' | 'label' | 'void'> {
  const { reward, label } = fields
  if (fields['void'] !== undefined) return parseVoid(fields)
  if (reward !== undefined && label !== undefined) {
    throw invalid('/label', 'expected either a reward or a label: send one of the two', label)
  }
  if (reward !== undefined) {
    // Whether it lies within the endpoint's bounds is known once the id has said which endpoint it is.
    if (Number.isFinite(reward)) return { reward: reward as number }
    throw invalid('/reward', 'expected a number', reward)
  }
  if (label === undefined) throw missing('reward', 'a number, or the true label as label')
  if (isLabel(label)) return { label }
  if (!Array.isArray(label)) throw invalid('/label', 'expected text, a number, true or false', label)
  const odd = label.findIndex((value) => !isLabel(value))
  if (label.length === 0) throw invalid('/label', 'expected one label a row', label)
  if (odd >= 0) throw invalid(`/label/${odd}`, 'expected text, a number, true or false', label[odd])
  return { label: label as Label[] }
}

/** The prediction was never shown to anybody. */
function parseVoid({ void: taken, reward, label }: Fields): Pick<Feedback, 'void'> {
  if (taken !== true) throw invalid('/void', 'expected true, or no such field', taken)
  if (reward === undefined && label === undefined) return { void: true }
  const pointer = reward === undefined ? '/label' : '/reward'
  throw invalid(pointer, 'expected void alone: what was never shown has no reward', reward ?? label)
}

function isLabel(value: unknown): value is Label {
  if (typeof value === 'string') return value.length <= maxLabelText
  if (typeof value === 'boolean') return true
  // Beyond 2^53 a whole number may be its neighbour: it has to come as text.
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
}

function parseEvent(fields: Fields, now: number): Pick<Feedback, 'eventId' | 'at'> {
  const eventId = textField(fields, 'event_id', maxIdLength) ?? ''
  if (fields['at'] === undefined) return { eventId }
  const text = timestamp.safeParse(fields['at'])
  if (!text.success) {
    throw invalid('/at', 'expected a time with its offset, such as 2026-01-31T12:00:00Z', fields['at'])
  }
  const at = Date.parse(text.data)
  if (at <= now + maxAheadMs) return { eventId, at }
  throw invalid('/at', 'expected a time that is not in the future: check the clock', text.data)
}
