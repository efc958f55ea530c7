import { MAX_PROBLEMS, type Problem, problem } from './problems.js'

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = '\ufeff'

/** A text split at its line ends, and the problems with its bytes. */
export type TextReading = { readonly lines: readonly string[]; readonly problems: Problem[] }

/** Splits text or bytes at `\n`. Bytes that are not UTF-8 become U+FFFD and are reported as a problem. */
export function readText(input: string | Uint8Array): TextReading {
  if (typeof input === 'string') return splitText(input, [])
  try {
    return splitText(decodeStrictly(input), [])
  } catch {
    // A copy: a decoder may refuse shared memory, and other views of the memory could change it.
    const bytes = Uint8Array.from(input)
    return splitText(decodeLossily(bytes), invalidLines(bytes))
  }
}

// Created only once, since that takes longer than decoding a record; and not on import, since callers that parse
// strings do not need it.
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
    problems.push(problem(line, 'CRLF', 'some lines, starting with this one, end with CR LF'))
  }
  return { lines, problems }
}

/** Removes the byte-order mark that some editors put at the start of a file. */
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
      problems.push(problem(line, 'INVALID_UTF8', 'the line contains bytes that are not UTF-8'))
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
