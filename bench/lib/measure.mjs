const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]

export const median = (values) => quantile(values, 0.5)

/**
 * Runs competitors in turns, so that noise affects all of them, and reverses the order in every second round, unless each
 * needs what the one before it did (`inOrder`). Returns the milliseconds of each round, by name.
 */
export const timesInTurns = async (competitors, { rounds, warmUp = 2, inOrder = false }) => {
  const times = new Map(Object.keys(competitors).map((name) => [name, []]))
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const entries = Object.entries(competitors)
    if (round % 2 === 1 && !inOrder) entries.reverse()
    for (const [name, { prepare, run }] of entries) {
      const prepared = await prepare?.(round)
      const begin = performance.now()
      await run(prepared, round)
      if (round >= warmUp) times.get(name).push(performance.now() - begin)
    }
  }
  return times
}

/** Runs competitors as `timesInTurns` does. Returns their medians. */
export const inTurns = async (competitors, options) =>
  new Map(
    [...(await timesInTurns(competitors, options))].map(([name, values]) => [name, median(values)]),
  )

/**
 * Returns the ratio of the medians of two competitors that ran in turns, and its spread: the middle half of the ratios of
 * single rounds is between `low` and `high`.
 */
export const ratioOf = (times, others) => {
  const ratios = times.map((time, round) => time / others[round])
  return {
    ratio: median(times) / median(others),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
  }
}

/** Prints a table, with numbers aligned to the right. */
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
