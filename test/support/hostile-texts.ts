/** An exponential one shows with a short text, before it would take for ever with the long one. */
const lengths = [20, 26, 32, 40, 50, 64, 90, 130, 200, 10_000]
const mostLetters = 8
const triesOfSlow = 3

/**
 * How long a regular expression takes with the text that is worst for it: its own letters, one or two of them again and
 * again, after what it begins with, and with an end that it cannot have.
 *
 * @returns milliseconds, the least of some tries where it is above `enoughMs`; then it is tried no further
 */
export function slowestMs(
  { source, flags }: RegExp,
  enoughMs: number,
): { readonly ms: number; readonly text: string } {
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ''))
  let slowest = { ms: 0, text: '' }
  for (const [start, word] of attacks(source)) {
    for (const length of lengths) {
      const text = `${start}${word.repeat(length / word.length)}\u0001`
      let ms = msOf(pattern, text)
      for (let again = 1; ms > enoughMs && again < triesOfSlow; again++)
        ms = Math.min(ms, msOf(pattern, text))
      if (ms > slowest.ms) slowest = { ms, text: JSON.stringify(`${start}${word}…`) }
      if (ms > enoughMs) return slowest
    }
  }
  return slowest
}

function msOf(pattern: RegExp, text: string): number {
  const from = performance.now()
  pattern.test(text)
  return performance.now() - from
}

function* attacks(source: string): Generator<readonly [start: string, word: string]> {
  // What stands for itself, with or without a backslash before it; classes are tried by one letter of each.
  const plain = source.replace(/\\[wdsbWDSB]/g, '').replace(/\\(.)/g, '$1')
  const own = plain.replace(/[\^$()?:*+]/g, '').split('')
  const letters = [...new Set(['a', '0', ' ', ...own, '/'])].slice(0, mostLetters)
  const begins = /^\^?((?:[\w "/:-]|\\[/.:])+)(?![*?+{])/.exec(source)?.[1]?.replaceAll('\\', '')
  for (const start of new Set(['', begins ?? ''])) {
    for (const first of letters) {
      yield [start, first]
      for (const second of letters) if (second !== first) yield [start, first + second]
    }
  }
}
