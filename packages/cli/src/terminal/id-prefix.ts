import type { Style } from './style.js'

const shared = (one: string, other: string | undefined): number => {
  let length = 0
  while (length < one.length && one[length] === other?.[length]) length += 1
  return length
}

/** The length of the shortest prefix of each of `ids` that is unique among them and `others`. */
export const uniquePrefixLengths = (
  ids: readonly string[],
  others: readonly string[],
): ReadonlyMap<string, number> => {
  const wanted = new Set(ids)
  const all = [...new Set([...ids, ...others])].toSorted()
  const lengths = new Map<string, number>()
  for (const [place, id] of all.entries()) {
    if (!wanted.has(id)) continue
    const longest = Math.max(shared(id, all[place - 1]), shared(id, all[place + 1]))
    lengths.set(id, Math.min(longest + 1, id.length))
  }
  return lengths
}

/** Highlights the first `length` characters of an id. */
export const paintedId = (id: string, length: number, style: Style): string =>
  style.bold(id.slice(0, length)) + (length < id.length ? style.dim(id.slice(length)) : '')
