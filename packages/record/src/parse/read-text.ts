import { MAX_PROBLEMS, type Problem, problem } from './problems.js'

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = '\ufeff'

/** A file's text at its line ends, with what is wrong with the bytes. */
export type TextReading = { readonly lines: readonly string[]; readonly problems: Problem[] }

/** Splits text or bytes at `\n`. Bytes that are not UTF-8 become U+FFFD and a problem. */
export function readText(input: string | Uint8Array): TextReading {
  if (typeof input === 'string') return splitText(input, [])
  try {
    return splitText(decodeStrictly(input), [])
  } catch {
    // A copy, since a decoder may refuse shared memory, and no other view of it may change it.
    const bytes = Uint8Array.from(input)
    return splitText(decodeLossily(bytes), invalidLines(bytes))
  }
}

// Made once, since making one takes longer than reading a record with it; and not at import, since who
// reads text alone needs none.
let strict: TextDecoder | undefined

const decodeStrictly = (bytes: Uint8Array): string => {
  strict ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return strict.decode(bytes)
}

const decodeLossily = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

function splitText(text: string, problems: Problem[]): TextReading {
  const lines = text.split('\n')
  if (text.startsWith(BYTE_ORDER_MARK)) {
    problems.push(problem(1, 'BYTE_ORDER_MARK', 'the file begins with a byte-order mark'))
  }
  if (text.includes('\r\n')) {
    const line = lines.findIndex((one) => one.endsWith('\r')) + 1
    problems.push(problem(line, 'CRLF', 'lines end with CR LF, from here on or in places'))
  }
  return { lines, problems }
}

/** A line without the mark that some editors put before the first one. */
export const stripBom = (line: string): string =>
  line.startsWith(BYTE_ORDER_MARK) ? line.slice(BYTE_ORDER_MARK.length) : line

function invalidLines(bytes: Uint8Array): Problem[] {
  const problems: Problem[] = []
  for (
    let start = 0, line = 1;
    start <= bytes.length && problems.length < MAX_PROBLEMS;
    line += 1
  ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    if (!isUtf8(bytes.subarray(start, end))) {
      problems.push(problem(line, 'INVALID_UTF8', 'the line holds bytes that are not UTF-8'))
    }
    start = end + 1
  }
  return problems
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decodeStrictly(bytes)
    return true
  } catch {
    return false
  }
}
