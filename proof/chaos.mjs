// npm run proof -- chaos: many processes open, complete, sweep and archive Ops, a quarter of them in linked work trees,
// while a simulated person works in the same repository. Then every Op that was reported as closed must be in HEAD once,
// and everything that the person committed must be there too.
// Options: --processes 16 --seconds 60 --seed 1
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from './lib/child.mjs'
import { troubleInLinked, troubleWithChaos } from './lib/examine-chaos.mjs'
import { personIn } from './lib/person.mjs'
import { git, newRepository, tryGit } from './lib/repository.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    processes: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})
const seed = Number(values.seed)
const worker = fileURLToPath(new URL('./lib/chaos-worker.mjs', import.meta.url))
const print = (text) => process.stdout.write(`${text}\n`)

const folder = mkdtempSync(join(tmpdir(), 'kitty-chaos-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
const root = join(folder, 'repository')
newRepository(root)
git(root, 'branch', 'side')
const linked = ['one', 'two'].map((name) => {
  git(root, 'worktree', 'add', '--quiet', '-b', name, join(folder, name))
  return join(folder, name)
})
const rootOf = (at) => (at % 4 === 3 ? linked[Math.floor(at / 4) % linked.length] : root)

const closed = new Map()
const results = new Map()
const errors = new Map()
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1)

const workers = Array.from({ length: Number(values.processes) }, (_, at) =>
  startChild(worker, [rootOf(at), String(seed + at)], ({ id, commit, reason, message, error }) => {
    if (error !== undefined) return count(errors, error.replace(/[0-9A-HJKMNP-TV-Z]{26}/g, '…'))
    if (reason === 'COMMIT_FAILED') count(results, message)
    closed.set(id, rootOf(at))
    count(results, reason === undefined ? commit : `${commit}: ${reason}`)
  }),
)

const person = personIn(root, seed)
const until = Date.now() + Number(values.seconds) * 1000
while (Date.now() < until) {
  person.act()
  await sleep(20)
}
for (const { send } of workers) send('stop')
const codes = await Promise.all(workers.map(({ ended }) => ended))
person.settle()
tryGit(root, 'switch', 'work')

const closedIn = (place) => [...closed.keys()].filter((id) => closed.get(id) === place)
const found = await troubleWithChaos(root, closedIn(root), person.kept)
for (const place of linked) found.trouble.push(...(await troubleInLinked(place, closedIn(place))))
const trouble = [
  ...codes.filter((code) => code !== 0).map((code) => `a process exited with ${code}`),
  ...person.stuck,
  ...found.trouble,
]
for (const line of trouble.slice(0, 30)) print(line)
const list = (map) => [...map].map(([name, times]) => `${times} ${name}`).join(', ')
print(`Actions of the person: ${list(person.did)}; ${person.kept.length} commits to check`)
print(`Results of closes: ${list(results)}`)
if (errors.size > 0) print(`Errors: ${list(errors).slice(0, 1500)}`)
print(
  `${workers.length} processes, ${values.seconds} s, seed ${seed}: ${closed.size} Ops closed, ${found.restored} restored from history, ${trouble.length} failures`,
)
if (trouble.length > 0 || closed.size === 0) process.exitCode = 1
