// Compares two builds: this one, and another revision, which is built for it.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checkout } from '../../scripts/checkout.mjs'
import { median, ratioOf, table, timesInTurns } from './measure.mjs'

const HERE = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the folders of both builds, this one first. */
export const buildsAgainst = async (revision) => [HERE, await checkout(revision)]

/** Returns the program of a build's command line. */
export const programOf = (build) => join(build, 'packages', 'cli', 'bin', 'run.js')

/** Imports what a program needs to commit Ops from a build's packages. */
export const packagesOf = async (build) => {
  const { resolve } = createRequire(join(build, 'packages', 'git-commit', 'package.json'))
  const load = (name) => import(pathToFileURL(resolve(name)).href)
  const [{ directGit }, { openOps }] = [
    await load('@kitty/git-commit'),
    await load('@kitty/writer'),
  ]
  return { directGit, openOps }
}

const PAIR = ['this', 'other']

const nameOf = (build, task) => `${build}: ${task}`

/**
 * Measures the tasks of both builds in turns. Prints milliseconds, ratio and spread. The tasks are competitors as for
 * `inTurns`, with the same names in both builds.
 */
export const compareBuilds = async (revision, [thisBuild, otherBuild], { rounds }) => {
  const competitors = {}
  for (const task of Object.keys(thisBuild)) {
    competitors[nameOf(PAIR[0], task)] = thisBuild[task]
    competitors[nameOf(PAIR[1], task)] = otherBuild[task]
  }
  const times = await timesInTurns(competitors, { rounds })
  table([
    ['', 'ms', revision, 'ratio', 'middle half of the rounds'],
    ...Object.keys(thisBuild).map((task) => {
      const [now, then] = PAIR.map((build) => times.get(nameOf(build, task)))
      const { ratio, low, high } = ratioOf(now, then)
      const spread = `${low.toFixed(2)} to ${high.toFixed(2)}`
      return [task, median(now).toFixed(1), median(then).toFixed(1), ratio.toFixed(2), spread]
    }),
  ])
}
