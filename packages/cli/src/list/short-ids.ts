/** How many characters a short id has at least; fewer say little to the eye. */
const SHORTEST = 10

const shared = (one: string, other: string): number => {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

/** How many characters of these ids tell each of them from all others; `all` is in order, and has them. */
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
