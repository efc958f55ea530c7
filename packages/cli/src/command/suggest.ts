/** The number of characters to insert, delete or replace to turn one word into the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const change = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const LONGEST = 64

/** The number of typing mistakes that are accepted. For a short word it is one: `foo` does not suggest `do`. */
const mostMistakes = (typed: string): number =>
  typed.length <= 3 ? 1 : Math.max(2, typed.length / 3)

/** The word that was probably meant. Returns `undefined` if none is close. */
export const nearest = (typed: string, words: readonly string[]): string | undefined => {
  if (typed.length > LONGEST) return undefined
  const [best] = words
    .map((word) => ({ word, far: distance(typed, word) }))
    .sort((a, b) => a.far - b.far)
  return best !== undefined && best.far <= mostMistakes(typed) ? best.word : undefined
}
