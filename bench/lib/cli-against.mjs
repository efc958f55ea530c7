// Whole processes of two builds in turns.
import { buildsAgainst, compareBuilds, programOf } from './two-builds.mjs'

/** Measures; `tasksOf` gives what a program does in a repository of its own. */
export const cliAgainst = async (revision, tasksOf, rounds) => {
  const builds = await buildsAgainst(revision)
  process.stdout.write(`Node ${process.version}: milliseconds (medians of ${rounds})\n\n`)
  await compareBuilds(
    revision,
    builds.map((build) => tasksOf(programOf(build))),
    { rounds },
  )
}
