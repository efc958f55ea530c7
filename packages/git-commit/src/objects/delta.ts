/** One instruction can copy no more: see git's `gitformat-pack`. */
const MAX_COPY = 0xffffff
const MAX_INSERT = 0x7f

/** A length, seven bits per byte from the lowest on; every byte but the last has its top bit set. */
const lengthOf = (length: number): number[] => {
  const bytes: number[] = []
  let rest = length
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

const le = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.floor(value / 2 ** (8 * at)) & 0xff)

const copy = (from: number, length: number): number[] =>
  length === 0 ? [] : [0xff, ...le(from, 4), ...le(length, 3)]

function* inserts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MAX_INSERT) {
    const part = bytes.subarray(at, at + MAX_INSERT)
    yield Uint8Array.of(part.length)
    yield part
  }
}

/** Counts the bytes that are equal from the start, or with `step` -1 before the ends, of at most `most`. */
const equalBytes = (a: Uint8Array, b: Uint8Array, step: 1 | -1, most: number): number => {
  let [at, other, count] = step === 1 ? [0, 0, 0] : [a.length - 1, b.length - 1, 0]
  for (; count < most && a[at] === b[other]; count += 1) {
    at += step
    other += step
  }
  return count
}

/**
 * Returns the instructions by which git makes `bytes` out of `base`, if they differ in one place and otherwise share most
 * bytes, as two versions of a large folder do; else `undefined`.
 */
export const deltaOf = (base: Uint8Array, bytes: Uint8Array): Buffer | undefined => {
  const shorter = Math.min(base.length, bytes.length)
  const before = equalBytes(base, bytes, 1, shorter)
  const after = equalBytes(base, bytes, -1, shorter - before)
  const changed = bytes.subarray(before, bytes.length - after)
  if (base.length > MAX_COPY || changed.length > bytes.length / 8) return undefined
  return Buffer.concat([
    Buffer.from([...lengthOf(base.length), ...lengthOf(bytes.length), ...copy(0, before)]),
    ...inserts(changed),
    Buffer.from(copy(base.length - after, after)),
  ])
}
