// Compares a completion, a hundred at once, and one among open Ops of other work trees, of two builds.
import { buildsAgainst, compareBuilds, packagesOf } from './two-builds.mjs'
import { amongOpenOps, specKitty } from './ways-to-commit.mjs'

const AT_ONCE = 100

const together = ({ prepare, run }) => ({
  prepare: () => Promise.all(Array.from({ length: AT_ONCE }, prepare)),
  run: (started) => Promise.all(started.map(run)),
})

const tasksOf = async (build, files) => {
  const packages = await packagesOf(build)
  const process = await specKitty(files, 'process', [], packages)
  const power = await specKitty(files, 'power', [], packages)
  const amongOpen = await amongOpenOps(files, packages)
  return {
    process,
    power,
    [`${AT_ONCE} at once, process`]: together(process),
    [`${AT_ONCE} at once, power`]: together(power),
    'among 64 open': amongOpen,
    'opened and closed, among 64 open': {
      run: async () => amongOpen.run(await amongOpen.prepare()),
    },
  }
}

/** Measures two builds in repositories with each number of files. */
export const commitAgainst = async (revision, sizes, rounds) => {
  const builds = await buildsAgainst(revision)
  for (const files of sizes) {
    const tasks = []
    for (const build of builds) tasks.push(await tasksOf(build, files))
    process.stdout.write(
      `A completion with ${files} files: milliseconds (medians of ${rounds})\n\n`,
    )
    await compareBuilds(revision, tasks, { rounds })
  }
}
