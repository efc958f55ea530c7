/** Returns a function that draws whole numbers below a limit; the same ones for the same seed. */
export const numbersFrom = (seed) => {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
