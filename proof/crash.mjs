// npm run proof -- crash: kills an opening (also by the hook of an agent), a completion (also in a linked work tree, and
// in one that is removed right after), a sweep, an archive run, and the moves of state from other places, at each system
// call that changes something in the repository, in Node, its threads and git's own processes, and checks that every
// promise holds. Needs Linux and strace.
// Options: --sample 40 (this many points of each, evenly spread); --only completion, completion:threads or
// completion:node:rename:2; --mode kill; --errors (ENOSPC, EIO, EACCES and EMFILE instead of kills); --any (kills and
// errors; one at each point)
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { before, troubleAfterFault, troubleAtTheEnd } from './lib/examine.mjs'
import { heal, WAYS } from './lib/heal.mjs'
import { injure } from './lib/injure.mjs'
import { findPoints, sampleOf } from './lib/points.mjs'
import { prepare, SCENARIOS, withOpened } from './lib/scenarios.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    sample: { type: 'string' },
    only: { type: 'string' },
    mode: { type: 'string' },
    errors: { type: 'boolean', default: false },
    any: { type: 'boolean', default: false },
  },
})
const KILLS = ['kill', 'lone']
const ERRORS = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE']
const modes = values.mode
  ? [values.mode]
  : [...(values.errors ? [] : KILLS), ...(values.errors || values.any ? ERRORS : [])]
const sample = values.sample === undefined ? Number.POSITIVE_INFINITY : Number(values.sample)

/** Returns the faults to try at a point. `lone` differs from `kill` only for git. */
const faultsAt = (number, { target }) => {
  const possible = modes.filter((mode) => mode !== 'lone' || target.startsWith('git-'))
  return values.any ? [possible[number % possible.length]] : possible
}

const print = (text) => process.stdout.write(`${text}\n`)

const folder = mkdtempSync(join(tmpdir(), 'kitty-proof-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
const place = join(folder, 'now')

const restore = (template) => {
  rmSync(place, { recursive: true, force: true, maxRetries: 5 })
  cpSync(template, place, { recursive: true, preserveTimestamps: true })
}

// A command explains a call that fails. A stack trace or the code of a bug is trouble, except when Node fails to start.
const unexplained = (mode, { stdout, stderr, status }) => {
  const isKilled = KILLS.includes(mode) || status === 0
  const bug = /\n {4}at .*(?:bundle|packages)|INTERNAL_ERROR|A bug in/.test(stdout + stderr)
  return isKilled || !bug ? [] : [`not explained: ${stdout.slice(0, 400)} ${stderr.slice(0, 1000)}`]
}

/**
 * Runs the command with a fault in a fresh copy of the template. The order of calls differs in each run, and the call
 * that fails can be the one with which Node wakes its event loop; then Node hangs. So a run that hangs is repeated
 * twice; if all three hang, it is a failure of this software.
 */
const runWithFault = async (prepared, template, point, mode) => {
  for (let tries = 3; ; tries -= 1) {
    restore(template)
    const was = before(prepared.root, prepared)
    const ran = await injure(prepared, point, mode)
    if (!ran.hung || tries === 1) return { was, ran }
  }
}

const attempt = async (prepared, template, point, mode, way) => {
  const { root } = prepared
  const { was, ran } = await runWithFault(prepared, template, point, mode)
  if (ran.hung) return { trouble: ['the command never ends'], took: 'nothing', died: false }
  prepared.afterwards(root)
  const after = await withOpened(root, prepared)
  const died = ran.signal !== null || ran.status > 128
  // A git that was killed did not interrupt Node, but it could not undo what it had begun.
  const left = await troubleAfterFault(root, after, was, died || KILLS.includes(mode))
  const first = [...unexplained(mode, ran), ...left]
  if (first.length > 0) return { trouble: first, took: 'nothing', died }
  const took = await heal(root, after, way)
  return { trouble: await troubleAtTheEnd(root, after, was), took, died }
}

const rows = []
const failures = []

const prove = async (scenario) => {
  // Use the same path each time, so that what git stores about its files is also true for a copy.
  rmSync(place, { recursive: true, force: true })
  const prepared = await prepare(scenario, place)
  const template = join(folder, scenario)
  cpSync(place, template, { recursive: true, preserveTimestamps: true })
  const found = await findPoints(place, prepared, () => restore(template))
  const wanted = values.only?.split(':').slice(1).join(':')
  const isWanted = ({ name }) => `${name}:`.startsWith(`${wanted}:`)
  const points = sampleOf(wanted ? found.filter(isWanted) : found, sample)
  let [tried, deaths, later, byPerson] = [0, 0, 0, 0]
  for (const [number, point] of points.entries()) {
    for (const [at, mode] of faultsAt(number, point).entries()) {
      const ways = Object.keys(WAYS)
      // Alternate the ways, so that each kind of point is tried with both.
      const way = ways[(number + at) % ways.length]
      const { trouble, took, died } = await attempt(prepared, template, point, mode, way).catch(
        (error) => ({
          trouble: [error.stack],
          took: 'nothing',
        }),
      )
      tried += 1
      if (took === 'the doctor later') later += 1
      if (took === 'a person') {
        byPerson += 1
        print(`${scenario}:${point.name} --mode ${mode}: a person had to delete a lock`)
      }
      if (died) deaths += 1
      if (trouble.length === 0) continue
      failures.push(scenario)
      print(`${scenario}:${point.name} --mode ${mode}, then ${way}:\n  ${trouble.join('\n  ')}`)
    }
  }
  const failed = failures.filter((name) => name === scenario).length
  rows.push({
    scenario,
    points: found.length,
    tried,
    died: deaths,
    held: tried - failed,
    'needed the doctor a minute later': later,
    'needed a person': byPerson,
  })
}

if (process.platform !== 'linux' || spawnSync('strace', ['-V']).status !== 0) {
  print('Nothing was tried: this proof needs Linux and strace.')
} else {
  const begin = Date.now()
  for (const scenario of SCENARIOS) {
    if ([undefined, scenario].includes(values.only?.split(':')[0])) await prove(scenario)
  }
  console.table(rows)
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
  print(
    `${sum('tried')} faults tried, ${sum('held')} held (${Math.round((Date.now() - begin) / 1000)} s)`,
  )
  if (failures.length > 0 || sum('tried') === 0) process.exitCode = 1
}
