/** An error that the user can fix. It is printed without a stack trace. */
export class Trouble extends Error {}

/** Throws `Trouble` if a step ends with another status than 0. */
export const must = async (what, code) => {
  if ((await code) !== 0) throw new Trouble(`Failed: ${what}. See above.`)
}

/** Runs a script's main function, which returns the exit status. Prints only the message of a `Trouble`. */
export const main = async (run) => {
  try {
    process.exitCode = (await run()) ?? process.exitCode
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
