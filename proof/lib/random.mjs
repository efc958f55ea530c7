/** Numbers from a seed (mulberry32): the same seed gives the same run, on every machine. */
export const randomFrom = (seed) => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number below `end`. */
  const below = (end) => Math.floor(next() * end)
  return { below, pick: (list) => list[below(list.length)] }
}
