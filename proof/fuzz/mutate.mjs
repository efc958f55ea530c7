// Mutates samples: as bytes, as a crash, a merge or another program damages them; and as JSON, as another version or a
// hostile program writes it.
import { numbersFrom } from '../lib/numbers.mjs'

const repeat = (text, times) => text.repeat(times)

/** What is inserted into bytes. */
const PIECES = [
  '\0',
  '\0\0\0\0\0\0\0\0',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '"',
  "'",
  '\\',
  '/',
  '//',
  '../',
  '../../../../etc/passwd',
  ':',
  '=',
  '#',
  '[',
  ']',
  '{',
  '}',
  ',',
  '*',
  '&a ',
  '-',
  '--all ',
  '\ufeff',
  '\u2028',
  '\u202e',
  '\u0085',
  '\x1b[2J',
  '\x1b]0;x\x07',
  '\\u001b[31m',
  '<<<<<<< HEAD\n',
  '=======\n',
  '>>>>>>> x\n',
  'null',
  '__proto__',
  '"__proto__":{"polluted":true},',
  'constructor',
  '0',
  '-1',
  '1e999',
  '99999999999999999999999999',
  repeat('9', 400),
  repeat('[', 2_000),
  repeat('{"a":', 2_000),
  repeat('a', 5_000),
  repeat('\\', 1_001),
  repeat('\n', 500),
].map((text) => Buffer.from(text))

/** Not UTF-8: a lone byte, half a character, an overlong one, half of a surrogate pair, bytes that never occur. */
const NOT_UTF8 = ['80', 'c3', 'e282', 'c0af', 'eda080', 'fffe', 'f8888080'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

const spliced = (bytes, at, gone, added) =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + gone)])

const pick = (list, next) => list[next(list.length)]

const flip = (bytes, next) => {
  if (bytes.length === 0) return bytes
  const flipped = Buffer.from(bytes)
  for (let left = 1 + next(4); left > 0; left -= 1) flipped[next(bytes.length)] ^= 1 << next(8)
  return flipped
}

/** The start and the end of a random part, mostly a short one. */
const partOf = (bytes, next) => {
  const at = next(bytes.length + 1)
  return [at, Math.min(bytes.length, at + next(next(4) === 0 ? bytes.length + 1 : 40))]
}

const lines = (bytes) => bytes.toString('latin1').split('\n')

const BYTES = [
  flip,
  (bytes, next) => bytes.subarray(0, next(bytes.length + 1)),
  (bytes, next) => bytes.subarray(next(bytes.length + 1)),
  (bytes, next) => spliced(bytes, next(bytes.length + 1), 0, pick(PIECES, next)),
  (bytes, next) => spliced(bytes, next(bytes.length + 1), next(20), pick(PIECES, next)),
  (bytes, next) => spliced(bytes, next(bytes.length + 1), 0, pick(NOT_UTF8, next)),
  (bytes, next) => {
    const [from, to] = partOf(bytes, next)
    return spliced(bytes, from, to - from, Buffer.alloc(0))
  },
  (bytes, next) => {
    const [from, to] = partOf(bytes, next)
    return spliced(bytes, next(bytes.length + 1), 0, bytes.subarray(from, to))
  },
  (bytes, next, others) => {
    const other = pick(others, next)
    const [from, to] = partOf(other, next)
    return spliced(bytes, next(bytes.length + 1), next(10), other.subarray(from, to))
  },
  (bytes, next) => {
    const all = lines(bytes)
    const [line] = all.splice(next(all.length), 1)
    if (next(2) === 0) all.splice(next(all.length + 1), 0, line, line)
    return Buffer.from(all.join('\n'), 'latin1')
  },
  (bytes, next) =>
    Buffer.from(lines(bytes).join(pick(['\r\n', '\n\n', '\0', ' ', '\r'], next)), 'latin1'),
]

/** What a value in JSON is replaced by. */
const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1e400',
  '123456789012345678901234567890',
  '0.1',
  '""',
  '"x"',
  '"../../../x"',
  '"/etc/passwd"',
  '"a\\u0000b"',
  '"\\u001b[2J"',
  '"\\ud800"',
  '"\\u202e"',
  '"--all"',
  '"constructor"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{"length":-1}',
  '{"__proto__":{"polluted":true}}',
  '{"toString":1,"then":1}',
  `"${repeat('x', 3_000)}"`,
  `${repeat('[', 1_000)}${repeat(']', 1_000)}`,
]

/** The parts of a JSON text that are values or `"name":value` pairs, found without parsing: the text may be damaged. */
const TOKEN = /"(?:[^"\\]|\\.)*"(?:\s*:\s*)?|-?\d[\d.eE+-]*|true|false|null|[[{][^[\]{}]*[\]}]/g

const tokensIn = (text) => [...text.matchAll(TOKEN)].slice(0, 2_000)

const NAMES = ['__proto__', 'constructor', 'toString', 'hooks', 'then', 'length', '', 'event']

const JSON_CHANGES = [
  (text, { index, 0: token }, next) =>
    token.trimEnd().endsWith(':')
      ? `${text.slice(0, index)}"${pick(NAMES, next)}":${text.slice(index + token.length)}`
      : text.slice(0, index) + pick(VALUES, next) + text.slice(index + token.length),
  // A name again, with another value: the first or the last one counts.
  (text, { index, 0: token }, next) =>
    token.trimEnd().endsWith(':')
      ? `${text.slice(0, index)}${token}${pick(VALUES, next)},${text.slice(index)}`
      : text.slice(0, index) + text.slice(index + token.length),
  (text, { index, 0: token }, next) =>
    `${text.slice(0, index)}${pick(['[', '{"a":', '/* x */', '// x\n', ','], next)}${token}${pick([']', '}', ',', ''], next)}${text.slice(index + token.length)}`,
]

const changeJson = (bytes, next) => {
  const text = bytes.toString('latin1')
  const tokens = tokensIn(text)
  if (tokens.length === 0) return flip(bytes, next)
  return Buffer.from(pick(JSON_CHANGES, next)(text, pick(tokens, next), next), 'latin1')
}

/** Mutations can double the size each time. */
const MOST_BYTES = 40_000

/** The mutant of a number: the same one for the same samples, seed and number. Most have one to four changes. */
export const mutantOf = (samples, seed, number) => {
  const next = numbersFrom(Math.imul(seed, 2_654_435_761) ^ Math.imul(number + 1, 40_503_001))
  for (let left = 3; left > 0; left -= 1) next(2)
  let bytes = pick(samples, next)
  for (let left = 1 + next(4); left > 0; left -= 1) {
    const change = next(3) === 0 ? changeJson : pick(BYTES, next)
    bytes = change(bytes, next, samples).subarray(0, MOST_BYTES)
  }
  return bytes
}

const REPEATED = [
  ...['[', '{"a":', '"', '\\', '/', '\n', '\r\n', '\0', ' ', 'a', ',', '- ', '0', '<!-- '],
  ...['a:\n ', '&a [*a,', '"a\\"', '<!-- spec-kitty:begin a -->\n'],
]

/** Texts that grow, to see that time grows in proportion: pieces of the samples and of syntax, repeated. */
export const growing = (samples) => [
  ...samples
    .filter(({ length }) => length > 0)
    .slice(0, 3)
    .flatMap((sample) => {
      const half = sample.subarray(0, Math.ceil(sample.length / 2))
      return [
        (size) => Buffer.alloc(size, sample),
        (size) => Buffer.concat([half, Buffer.alloc(size, half.subarray(-8))]),
      ]
    }),
  ...REPEATED.map((piece) => (size) => Buffer.alloc(size, piece)),
]
