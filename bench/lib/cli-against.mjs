// Compares the command lines of two builds, as whole processes.
import { buildsAgainst, compareBuilds, programOf } from './two-builds.mjs'

/** Measures two builds. `tasksOf` returns the tasks of a program, in its own repositories. */
export const cliAgainst = async (revision, tasksOf, rounds) => {
  const builds = await buildsAgainst(revision)
  process.stdout.write(`Node ${process.version}: milliseconds (medians of ${rounds})\n\n`)
  await compareBuilds(
    revision,
    builds.map((build) => tasksOf(programOf(build))),
    { rounds },
  )
}
