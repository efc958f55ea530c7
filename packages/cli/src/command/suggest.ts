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

/** The number of typing mistakes that are accepted. For a short word it is one: `foo` does not suggest `do`. A letter has none. */
const mostMistakes = (typed: string): number => {
  if (typed.length <= 1) return 0
  return typed.length <= 3 ? 1 : Math.max(2, typed.length / 3)
}

/**
 * The word that was probably meant. Returns `undefined` if none is close. A mistake seldom changes the first letter: `none`
 * does not suggest `done`, nor `--no-all` its opposite.
 */
export const nearest = (typed: string, words: readonly string[]): string | undefined => {
  if (typed.length > LONGEST) return undefined
  const [best] = words
    .filter((word) => word[0] === typed[0])
    .map((word) => ({ word, far: distance(typed, word) }))
    .sort((a, b) => a.far - b.far)
  return best !== undefined && best.far <= mostMistakes(typed) ? best.word : undefined
}

/** Words of this program, and what other programs call the same. */
const OTHER_NAMES: readonly (readonly [word: string, ...others: string[]])[] = [
  ['done', 'success', 'succeeded', 'successful', 'ok', 'passed', 'complete', 'completed'],
  ['failed', 'failure', 'error'],
  ['abandoned', 'aborted', 'cancelled', 'canceled', 'cancel', 'stopped'],
  ['complete', 'close', 'finish', 'end', 'done'],
  ['list', 'ls', 'log', 'status'],
  ['show', 'view', 'get', 'cat', 'inspect'],
  ['do', 'open', 'start', 'run', 'new', 'create'],
  ['install', 'add', 'enable'],
  ['remove', 'uninstall', 'rm', 'delete', 'disable'],
]

const SHORTEST_START = 3

/** The only word that starts with the typed one. */
const startedWith = (typed: string, words: readonly string[]): string | undefined => {
  const found = words.filter((word) => word.startsWith(typed))
  return typed.length >= SHORTEST_START && found.length === 1 ? found[0] : undefined
}

/**
 * The word that was probably meant: in other letter case, by another program's name for it, by its beginning, or with a
 * typing mistake. Returns `undefined` if none is likely.
 */
export const meantWord = (typed: string, words: readonly string[]): string | undefined => {
  const lower = typed.toLowerCase()
  if (words.includes(lower)) return lower
  const same = OTHER_NAMES.find(
    ([word, ...others]) => words.includes(word) && others.includes(lower),
  )
  return same?.[0] ?? startedWith(lower, words) ?? nearest(lower, words)
}
