import { InvalidArgumentError } from 'commander'

/** Parsers for commander's options: each returns a checked value or says what is wanted instead. */

export const numberBetween =
  (lowest: number, highest: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= lowest && value <= highest)) {
      throw new InvalidArgumentError(`Give a number from ${lowest} to ${highest}.`)
    }
    return value
  }

export const integerBetween =
  (lowest: number, highest: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isInteger(value) || value < lowest || value > highest) {
      throw new InvalidArgumentError(`Give a whole number from ${lowest} to ${highest}.`)
    }
    return value
  }

export const redisUrl = (text: string): string => {
  if (!/^rediss?:\/\/[^/]/.test(text)) {
    throw new InvalidArgumentError('Give an address like redis://127.0.0.1:6379.')
  }
  return text
}

export const hostAndPort = (text: string): string => {
  const port = /^(?:\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text)?.[1]
  if (port === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError('Give host:port, like 127.0.0.1:8080.')
  }
  return text
}
