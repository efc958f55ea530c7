// Kills an opening, a completion, a sweep and an archiving at each system call that changes something in the
// repository, in Node and in git's own processes, and looks whether every promise holds. Linux, with strace.
// Options: --sample 40 (so many points of each, evenly spread), --only completion or completion:node:rename:2,
// --mode kill, --errors (ENOSPC, EIO, EACCES and EMFILE in place of kills)
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { before, troubleAfterFault, troubleInTheEnd } from './lib/examine.mjs'
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
  },
})
const KILLS = ['kill', 'lone']
const ERRORS = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE']
const modes = values.mode ? [values.mode] : values.errors ? ERRORS : KILLS
const sample = values.sample === undefined ? Number.POSITIVE_INFINITY : Number(values.sample)

const say = (text) => process.stdout.write(`${text}\n`)

const folder = mkdtempSync(join(tmpdir(), 'kitty-proof-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
const root = join(folder, 'now')

const restore = (template) => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  cpSync(template, root, { recursive: true, preserveTimestamps: true })
}

// An error in words, and no stack; a fault in Node's own start is Node's to tell.
const manners = (mode, { stdout, stderr, status }) =>
  KILLS.includes(mode) || status === 0 || !/\n {4}at .*(?:bundle|packages)/.test(stdout + stderr)
    ? []
    : [`a stack: ${stderr.slice(0, 400)}`]

/**
 * Calls come in another order each time, and one that fails may be that by which Node wakes itself, which it then
 * waits for without end. So a run that hangs is made again; what always hangs is ours.
 */
const hurt = async (prepared, template, point, mode) => {
  for (let tries = 3; ; tries -= 1) {
    restore(template)
    const was = before(root, prepared)
    const ran = await injure(root, prepared.command, point, mode)
    if (!ran.hung || tries === 1) return { was, ran }
  }
}

const attempt = async (prepared, template, point, mode, way) => {
  const { was, ran } = await hurt(prepared, template, point, mode)
  if (ran.hung) return { trouble: ['it never ends'], took: 'nothing', died: false }
  const scene = await withOpened(root, prepared)
  const died = ran.signal !== null || ran.status > 128
  const first = [...manners(mode, ran), ...(await troubleAfterFault(root, scene, was))]
  if (first.length > 0) return { trouble: first, took: 'nothing', died }
  const took = await heal(root, scene, way)
  return { trouble: await troubleInTheEnd(root, scene, was), took, died }
}

const rows = []
const failures = []

const prove = async (scenario) => {
  // The same path each time: what git remembers of its files stays true for a copy.
  rmSync(root, { recursive: true, force: true })
  const scene = await prepare(scenario, root)
  const template = join(folder, scenario)
  cpSync(root, template, { recursive: true, preserveTimestamps: true })
  const found = await findPoints(root, scene)
  const wanted = values.only?.split(':').slice(1).join(':')
  const points = wanted ? found.filter(({ name }) => name === wanted) : sampleOf(found, sample)
  let [tried, deaths, minutes, hands] = [0, 0, 0, 0]
  for (const [number, point] of points.entries()) {
    for (const [at, mode] of modes.entries()) {
      if (mode === 'lone' && point.target === 'node') continue
      const ways = Object.keys(WAYS)
      // Both ways in turn, so that each kind of point meets both.
      const way = ways[(number + at) % ways.length]
      const { trouble, took, died } = await attempt(scene, template, point, mode, way).catch(
        (error) => ({
          trouble: [error.stack],
          took: 'nothing',
        }),
      )
      tried += 1
      if (took === 'a minute') minutes += 1
      if (took === 'a hand') hands += 1
      if (died) deaths += 1
      if (trouble.length === 0) continue
      failures.push(scenario)
      say(`${scenario}:${point.name} --mode ${mode}, then ${way}:\n  ${trouble.join('\n  ')}`)
    }
  }
  const failed = failures.filter((name) => name === scenario).length
  rows.push({
    scenario,
    points: found.length,
    tried,
    died: deaths,
    held: tried - failed,
    'after a minute': minutes,
    'by hand': hands,
  })
}

if (process.platform !== 'linux' || spawnSync('strace', ['-V']).status !== 0) {
  say('This proof needs Linux and strace; nothing was tried.')
} else {
  const begin = Date.now()
  for (const scenario of SCENARIOS) {
    if ([undefined, scenario].includes(values.only?.split(':')[0])) await prove(scenario)
  }
  console.table(rows)
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
  say(
    `${sum('tried')} faults tried, ${sum('held')} held (${Math.round((Date.now() - begin) / 1000)} s)`,
  )
  if (failures.length > 0 || sum('tried') === 0) process.exitCode = 1
}
