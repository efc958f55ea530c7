// npm run proof -- turns: lets an earlier build and this one work in turns in one repository: each opens, closes and repairs
// what the other began, also while a rebase is in progress, and a quarter of their commands is killed. Then no Op may be
// lost, committed twice, or committed while open.
// Options: --against adc1e33 (the last build with its state in the git directory of each work tree), --steps 60, --seed 1,
// --world linked (or main, or below)
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { keptCheckout } from '../scripts/checkout.mjs'
import { git, newRepository } from './lib/repository.mjs'
import { troubleInTurns, turnsIn } from './lib/turns.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    against: { type: 'string', default: 'adc1e33' },
    steps: { type: 'string', default: '60' },
    world: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})
const print = (text) => process.stdout.write(`${text}\n`)
const seed = Number(values.seed)

const WORLDS = {
  main: (top) => top,
  linked: (top) => {
    git(top, 'worktree', 'add', '--quiet', '-b', 'linked', `${top}-linked`)
    return `${top}-linked`
  },
  below: (top) => {
    mkdirSync(join(top, 'packages', 'one', '.kittify'), { recursive: true })
    return join(top, 'packages', 'one')
  },
}

/** Makes a repository. Returns the project root: its top, a linked work tree, or a folder below the top. */
const makeRoot = (folder) => {
  const top = join(folder, 'repository')
  newRepository(top)
  git(top, 'commit', '--quiet', '--allow-empty', '-m', 'Second')
  const names = Object.keys(WORLDS)
  return WORLDS[values.world ?? names[seed % names.length]](top)
}

const prove = async (builds) => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-turns-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const root = makeRoot(folder)
  const turns = turnsIn(root, { builds, seed })
  for (let step = 0; step < Number(values.steps); step += 1) await turns.act()
  await turns.settle()
  const trouble = [...turns.trouble, ...troubleInTurns(root, turns)]
  await turns.closeAll()
  trouble.push(...troubleInTurns(root, { opened: turns.opened, closed: turns.opened }))
  for (const line of new Set(trouble)) print(line)
  print([...turns.did].map(([what, times]) => `${times} ${what}`).join(', '))
  print(`${turns.opened.size} Ops, seed ${seed}: ${trouble.length} failures`)
  if (trouble.length > 0 || turns.closed.size === 0) process.exitCode = 1
}

const here = fileURLToPath(new URL('..', import.meta.url))
const earlier = await keptCheckout(values.against)
if (earlier === undefined) print(`Nothing was tried: this clone does not have ${values.against}.`)
else await prove([here, earlier])
