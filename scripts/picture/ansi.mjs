/** How a piece of text looks: class names of the picture. */
const STARTS = new Map([
  [1, 'bold'],
  [2, 'dim'],
  [4, 'underline'],
  [31, 'red'],
  [32, 'green'],
  [33, 'yellow'],
  [36, 'cyan'],
])

/** What ends them. */
const ENDS = new Map([
  [0, [...STARTS.values()]],
  [22, ['bold', 'dim']],
  [24, ['underline']],
  [39, ['red', 'green', 'yellow', 'cyan']],
])

const ESC = '\u001b'
const COLOUR = new RegExp(`${ESC}\\[([\\d;]*)m`)

/** Splits a line of terminal output into pieces with their looks. Throws an error for anything but colours. */
export const piecesOf = (line) => {
  const looks = new Set()
  const pieces = []
  for (const [at, part] of line.split(COLOUR).entries()) {
    if (at % 2 === 0) {
      if (part.includes(ESC)) throw new Error(`Not a colour: ${JSON.stringify(part)}`)
      if (part !== '') pieces.push({ text: part, looks: [...looks] })
      continue
    }
    for (const code of part.split(';').map(Number)) {
      const start = STARTS.get(code)
      if (start === undefined && !ENDS.has(code)) throw new Error(`An unknown colour: ${code}`)
      if (start !== undefined) looks.add(start)
      for (const look of ENDS.get(code) ?? []) looks.delete(look)
    }
  }
  return pieces
}
