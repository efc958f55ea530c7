// Says which mutants no test noticed.

const NOTICED = ['Killed', 'Timeout']
const MISSED = ['Survived', 'NoCoverage']

const oneLine = (text) => text.replace(/\s+/gu, ' ').slice(0, 90)

/** Returns the source text at a location of a report. */
const textAt = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines.push(lines.pop().slice(0, end.column - 1))
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

const missedIn = ([path, { source, mutants }]) =>
  mutants
    .filter(({ status }) => MISSED.includes(status))
    .map(({ location, replacement, status, mutatorName }) => {
      const { line, column } = location.start
      const from = oneLine(textAt(source, location))
      return `${path}:${line}:${column} ${status} ${mutatorName}: ${from} → ${oneLine(replacement ?? '')}`
    })

/** Returns a line for each missed mutant, and the score: the share of valid mutants that a test noticed. */
export const summarize = (name, reports) => {
  const statuses = reports.flatMap(([, { mutants }]) => mutants.map(({ status }) => status))
  const count = (wanted) => statuses.filter((status) => wanted.includes(status)).length
  const [noticed, missed] = [count(NOTICED), count(MISSED)]
  const score = ((noticed / (noticed + missed)) * 100).toFixed(1)
  const missedLines = reports.flatMap(missedIn)
  return [
    ...missedLines,
    `${name}: ${score} % of ${noticed + missed} mutants in ${reports.length} files noticed, ${missed} missed`,
  ].join('\n')
}
