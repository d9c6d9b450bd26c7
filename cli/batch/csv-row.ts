import type { Body } from './body.ts'

/**
 * A row of CSV as a request: `key` and `context.<feature>` are what they are there, `name[0]`, `name[1]` … are the
 * elements of one input, and every other column is an input of its own. What reads as a number is one, and so with
 * true and false; an empty cell says nothing.
 */
export function toBody(row: Readonly<Record<string, string>>): Body {
  const inputs: Record<string, unknown> = {}
  const context: Record<string, unknown> = {}
  let key: string | undefined
  for (const [column, text] of Object.entries(row)) {
    if (text === '') continue
    const element = /^(.+)\[(\d{1,6})\]$/.exec(column)
    if (column === 'key') key = text
    else if (column.startsWith('context.')) context[column.slice('context.'.length)] = toValue(text)
    else if (element === null) inputs[column] = toValue(text)
    else ((inputs[element[1]!] ??= []) as unknown[])[Number(element[2])] = toValue(text)
  }
  return {
    inputs,
    ...(Object.keys(context).length > 0 && { context }),
    ...(key !== undefined && { key }),
  }
}

function toValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : text
}
