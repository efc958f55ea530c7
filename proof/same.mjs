// npm run proof -- same: builds another revision, and runs it and this one through one list of steps. Both must print
// the same, leave the same on disk and in git, and make the same system calls. Do not build this one meanwhile.
// Options: --against REV (or a folder with a checkout), --only plain or "plain:complete" (can be repeated)
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkout } from '../scripts/checkout.mjs'
import { main } from '../scripts/trouble.mjs'
import { compare, withoutReported } from './same/compare.mjs'
import { driver } from './same/drive.mjs'
import { earlierOps } from './same/earlier.mjs'
import { groupsFor } from './same/groups.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    against: { type: 'string', default: 'HEAD' },
    only: { type: 'string', multiple: true },
  },
})
const print = (text) => process.stdout.write(`${text}\n`)

const begin = Date.now()
const here = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kitty-same-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
// Commits that are made before the builds run are the same for both.
const yesterday = `${Math.floor(begin / 1000) - 86_400} +0000`
Object.assign(process.env, { GIT_AUTHOR_DATE: yesterday, GIT_COMMITTER_DATE: yesterday })

const isWanted = (group, step) =>
  values.only?.some((only) => [group.name, `${group.name}:${step.name}`].includes(only)) ?? true

const isWantedAtAll = ({ name }) =>
  values.only?.some((only) => only === name || only.startsWith(`${name}:`)) ?? true

/** Returns the steps up to the last one that is wanted, because each needs those before it. */
const stepsOf = (group) => {
  const last = group.steps.findLastIndex((step) => isWanted(group, step))
  return group.steps.slice(0, last + 1)
}

const printDifferences = (group, step, differences) => {
  print(`${group.name}: ${step.name}`)
  for (const [name, lines] of differences) print(`  ${name}\n    ${lines.join('\n    ')}`)
}

const compareGroup = async (group, builds, ops) => {
  const steps = stepsOf(group)
  // The names of both folders have the same length, so that all texts are equally long.
  const drivers = builds.map((build, at) =>
    driver(build, group, { folder: join(folder, group.name, `build-${at}`), ops, since: begin }),
  )
  const reported = new Map()
  let differing = 0
  for (const step of steps) {
    const [now, then] = await Promise.all(drivers.map(({ play }) => play(step)))
    const differences = withoutReported(compare(now, then), reported)
    if (differences.size === 0 || !isWanted(group, step)) continue
    differing += 1
    printDifferences(group, step, differences)
  }
  rmSync(join(folder, group.name), { recursive: true, force: true, maxRetries: 5 })
  return { steps: steps.length, differing }
}

const compareAll = async (builds) => {
  const ops = earlierOps(begin)
  const sum = { groups: 0, steps: 0, differing: 0 }
  for (const group of groupsFor(here, ops).filter(isWantedAtAll)) {
    if (group.missing !== undefined) print(`${group.name}: not compared, ${group.missing}`)
    else {
      const { steps, differing } = await compareGroup(group, builds, ops)
      print(
        `${group.name}: ${steps} steps, ${differing === 0 ? 'the same' : `${differing} differ`}`,
      )
      sum.groups += 1
      sum.steps += steps
      sum.differing += differing
    }
  }
  return sum
}

await main(async () => {
  const other = await checkout(values.against)
  const { groups, steps, differing } = await compareAll([here, other])
  print(
    `${steps} steps in ${groups} groups against ${values.against}: ${differing} differ ` +
      `(${Math.round((Date.now() - begin) / 1000)} s)`,
  )
  return differing > 0 || steps === 0 ? 1 : 0
})
