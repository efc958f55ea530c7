/** In UTF-16 code units. */
const LONGEST = 120

/** Half of a character that takes two code units. */
const CUT_OFF = /[\ud800-\udbff]$/

/**
 * The first line of a text that says something, its spaces evened out, at most 120 UTF-16 code units
 * long; a longer one ends in an ellipsis. Empty where there is no text.
 */
export const excerptOf = (text: string | undefined): string => {
  const line = /\S[^\r\n]*/.exec(text ?? '')?.[0] ?? ''
  // A line may be a megabyte long, and a list asks this of every record.
  const even = line
    .slice(0, 4 * LONGEST)
    .replaceAll(/\s+/g, ' ')
    .trimEnd()
  if (even.length <= LONGEST) return even
  return `${even.slice(0, LONGEST - 1).replace(CUT_OFF, '')}…`
}
