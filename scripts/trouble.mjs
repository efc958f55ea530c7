/** An error that a person can do something about; shown without a stack. */
export class Trouble extends Error {}

/** Runs a script's main function, whose result is the exit status; trouble is shown in its own words. */
export const main = async (deed) => {
  try {
    process.exitCode = (await deed()) ?? process.exitCode
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
