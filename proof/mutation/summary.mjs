// Says which mutants no test noticed.

const oneLine = (text) => text.replace(/\s+/gu, ' ').slice(0, 90)

/** Returns the source text at a location of a report. */
const textAt = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines.push(lines.pop().slice(0, end.column - 1))
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

const missedIn = ({ path, source, missed }) =>
  missed.map(({ location, replacement, mutatorName }) => {
    const { line, column } = location.start
    const from = oneLine(textAt(source, location))
    return `${path}:${line}:${column} ${mutatorName}: ${from} → ${oneLine(replacement ?? '')}`
  })

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/** Returns a line for each missed mutant, and the score: the share of valid mutants that a test noticed. */
export const summarize = (name, files) => {
  const valid = sum(files.map((file) => file.valid))
  const missed = sum(files.map((file) => file.missed.length))
  const leftOut = sum(files.map((file) => file.leftOut))
  const score = (((valid - missed) / valid) * 100).toFixed(1)
  return [
    ...files.flatMap(missedIn),
    `${name}: ${score} % of ${valid} mutants in ${files.length} files noticed, ${missed} missed${leftOut > 0 ? `, ${leftOut} left out` : ''}`,
  ].join('\n')
}
