// Compares the results of a step in two builds.

const MOST_LINES = 12
const WIDEST = 240

const counted = (lines) => {
  const counts = new Map()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** Returns the lines of one text that the other lacks, or has fewer times. */
const without = (lines, others) => {
  const left = counted(others)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

const cut = (line) => (line.length > WIDEST ? `${line.slice(0, WIDEST)} …` : line)

/** Returns a line from where it differs from the other, if that is far into the line. */
const fromDifference = (line, other = '') => {
  let at = 0
  while (at < line.length && line[at] === other[at]) at += 1
  return cut(at > WIDEST / 2 ? `… ${line.slice(at - WIDEST / 4)}` : line)
}

const listed = (sign, lines, others) => [
  ...lines.slice(0, MOST_LINES).map((line, at) => `${sign} ${fromDifference(line, others[at])}`),
  ...(lines.length > MOST_LINES ? [`${sign} (${lines.length - MOST_LINES} more)`] : []),
]

/** Returns the difference of two texts in lines: `-` is the other build, `+` is this one. */
const differenceOf = (now, then) => {
  const [lines, others] = [now, then].map((text) => text.split('\n'))
  const [added, gone] = [without(lines, others), without(others, lines)]
  if (added.length + gone.length === 0) return ['the same lines in another order']
  return [...listed('-', gone, added), ...listed('+', added, gone)]
}

/** Returns the parts by name. Parts with the same name are joined. */
const byName = (parts) => {
  const texts = new Map()
  for (const [name, text] of parts) texts.set(name, [...(texts.get(name) ?? []), text])
  return new Map([...texts].map(([name, all]) => [name, all.sort().join('\n')]))
}

/** Returns a map of the names of parts that differ to lines that show how. Parts are pairs of a name and a text. */
export const compare = (now, then) => {
  const [parts, others] = [byName(now), byName(then)]
  const differences = new Map()
  for (const name of new Set([...others.keys(), ...parts.keys()])) {
    const [part, other] = [parts.get(name), others.get(name)]
    if (part === other) continue
    if (part === undefined) differences.set(name, ['- is only in the other build'])
    else if (other === undefined) differences.set(name, ['+ is only in this build'])
    else differences.set(name, differenceOf(part, other))
  }
  return differences
}

/** Returns the differences that an earlier step has not already reported. Adds them to `reported`. */
export const withoutReported = (differences, reported) => {
  const fresh = new Map()
  for (const [name, lines] of differences) {
    const text = lines.join('\n')
    if (reported.get(name) !== text) fresh.set(name, lines)
    reported.set(name, text)
  }
  return fresh
}
