export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Runs competitors in turns, so that a noisy moment hits all of them; milliseconds, medians. */
export const inTurns = async (competitors, { rounds, warmUp = 2 }) => {
  const times = new Map(Object.keys(competitors).map((name) => [name, []]))
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const [name, { prepare, run }] of Object.entries(competitors)) {
      const prepared = await prepare?.(round)
      const begin = performance.now()
      await run(prepared, round)
      if (round >= warmUp) times.get(name).push(performance.now() - begin)
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]))
}

/** Prints a table, numbers to the right. */
export const table = (rows) => {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)))
  for (const row of rows) {
    const cells = row.map((cell, at) =>
      at === 0 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at]),
    )
    process.stdout.write(`${cells.join('  ')}\n`)
  }
  process.stdout.write('\n')
}
