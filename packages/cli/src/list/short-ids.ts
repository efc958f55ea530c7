/** The minimum length of a short id. Shorter ones are hard to recognize. */
const SHORTEST = 10

const shared = (one: string, other: string): number => {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

/** The length of the prefix that makes each of `ids` unique among `all`, which must be sorted and contain them. */
export const uniquePrefixLength = (ids: readonly string[], all: readonly string[]): number => {
  const wanted = new Set(ids)
  let longest = SHORTEST
  for (const [place, id] of all.entries()) {
    const next = all[place + 1]
    if (next === undefined || !(wanted.has(id) || wanted.has(next))) continue
    longest = Math.max(longest, shared(id, next) + 1)
  }
  return longest
}
