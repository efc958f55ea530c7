// npm run proof -- agents: agents live in three clones of one server: in the main work tree and in ones that are thrown
// away, on branches that are deleted and on a detached HEAD, and in sandboxes where the git directory is read-only. The
// server merges what they push, as a host does, the clones sync their ledgers, the doctor fixes what it finds, and agents
// are killed. Then each clone must have every closed Op in the ledger of one writer, as it was closed.
// Options: --agents 3 (in each clone) --seconds 60 --seed 1 --keep (leave the repositories)
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { doctorOps } from '@kitty/doctor'
import { startChild } from './lib/child.mjs'
import { mergeOnServer, settleClone, syncClone, troubleInClone } from './lib/examine-agents.mjs'
import { numbersFrom } from './lib/numbers.mjs'
import { git, newRepository, setUp, tryGit } from './lib/repository.mjs'
import { storeAt } from './lib/scenarios.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    agents: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    keep: { type: 'boolean', default: false },
  },
})
// Root can write to what is read-only.
if (process.getuid?.() === 0) {
  const [user, home] = [65_534, mkdtempSync(join(tmpdir(), 'kitty-home-'))]
  chownSync(home, user, user)
  const env = { ...process.env, HOME: home, TMPDIR: home }
  const args = [...process.execArgv, ...process.argv.slice(1), '--seed', values.seed]
  const { status } = spawnSync(process.execPath, args, {
    uid: user,
    gid: user,
    env,
    stdio: 'inherit',
  })
  if (!values.keep) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  process.exit(status ?? 1)
}
const seed = Number(values.seed)
const next = numbersFrom(seed)
const print = (text) => process.stdout.write(`${text}\n`)
const program = fileURLToPath(new URL('./lib/agent-life.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'kitty-agents-'))
process.on('exit', () => {
  if (values.keep) print(`Kept: ${folder}`)
  else rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
const first = join(folder, 'first')
newRepository(first)
git(first, 'branch', '--quiet', '-m', 'main')
const server = join(folder, 'server.git')
git(folder, 'clone', '--quiet', '--bare', first, server)
setUp(server)
const clones = ['one', 'two', 'three'].map((name) => {
  const clone = join(folder, name)
  git(folder, 'clone', '--quiet', server, clone)
  setUp(clone)
  mkdirSync(`${clone}-trees`)
  return clone
})

const closed = []
const results = new Map()
const errors = new Map()
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1)

/** The exit status of each agent that was not killed. */
const codes = []

let born = 0
const startAgent = (clone) => {
  born += 1
  const args = [clone, `${clone}-trees`, `agent-${born}`, String(seed * 1000 + born)]
  let onPaused
  const child = startChild(program, args, ({ error, paused, ...op }) => {
    if (paused) return onPaused()
    if (error !== undefined) return count(errors, error.replaceAll(/[0-9A-Z]{26}/g, '…'))
    closed.push(op)
    count(results, op.commit)
  })
  const pause = () => {
    const paused = new Promise((resolve) => {
      onPaused = resolve
    })
    child.send('pause')
    return Promise.race([paused, child.ended])
  }
  return { clone, ...child, pause }
}
const agents = clones.flatMap((clone) =>
  Array.from({ length: Number(values.agents) }, () => startAgent(clone)),
)

const foldersIn = (top) =>
  readdirSync(top, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))

/** Lets an agent live in a sandbox: alone in a clone whose git directory is read-only. */
const liveInSandbox = async (clone) => {
  const others = agents.filter((agent) => agent.clone === clone)
  await Promise.all(others.map(({ pause }) => pause()))
  const top = join(clone, '.git')
  const folders = [top, ...foldersIn(top)]
  for (const each of folders) chmodSync(each, 0o555)
  const agent = startAgent(clone)
  await sleep(1_000)
  agent.send('stop')
  codes.push(await agent.ended)
  for (const each of folders) chmodSync(each, 0o755)
  for (const { send } of others) send('go on')
}

const any = (list) => list[next(list.length)]
const did = new Map()
const ACTIONS = {
  merge: () => {
    const format = '--format=%(refname:short)'
    const branches = git(server, 'for-each-ref', format, 'refs/heads').split('\n').filter(Boolean)
    const branch = any(branches.filter((name) => name !== 'main'))
    if (branch !== undefined && mergeOnServer(server, branch) !== undefined) count(did, 'conflict')
  },
  sync: async () => {
    await syncClone(any(clones)).catch((error) => count(errors, `sync: ${error.message}`))
  },
  detach: async () => {
    const clone = any(clones)
    tryGit(clone, 'switch', '--quiet', '--detach')
    await sleep(200)
    tryGit(clone, 'switch', '--quiet', 'main')
  },
  kill: async () => {
    const at = next(agents.length)
    const { clone, kill, ended } = agents[at]
    kill()
    const code = await ended
    // It may have failed before.
    if (code !== 'SIGKILL') codes.push(code)
    agents[at] = startAgent(clone)
  },
  gc: () => tryGit(any(clones), 'gc', '--quiet'),
  doctor: async () => {
    await doctorOps({ ops: await storeAt(any(clones)), fix: true }).catch((error) =>
      count(errors, `doctor: ${error.message}`),
    )
  },
  sandbox: () => liveInSandbox(any(clones)),
}
const names = Object.keys(ACTIONS)

const until = Date.now() + Number(values.seconds) * 1000
while (Date.now() < until) {
  const name = any(names)
  await ACTIONS[name]()
  count(did, name)
  await sleep(100)
}
for (const { send } of agents) send('stop')
codes.push(...(await Promise.all(agents.map(({ ended }) => ended))))

const trouble = codes.filter((code) => code !== 0).map((code) => `an agent exited with ${code}`)
const restored = new Set()
for (const clone of clones) for (const id of await settleClone(clone)) restored.add(id)
for (const clone of [...clones, ...clones]) trouble.push(...(await syncClone(clone)))
for (const clone of clones) trouble.push(...(await troubleInClone(clone, closed, restored)))
for (const line of trouble.slice(0, 30)) print(line)
const list = (map) => [...map].map(([name, times]) => `${times} ${name}`).join(', ')
print(`Beside the agents: ${list(did)}`)
print(`Results of closes: ${list(results)}`)
if (errors.size > 0) print(`Errors: ${list(errors).slice(0, 1500)}`)
print(
  `${agents.length} agents in ${clones.length} clones, ${values.seconds} s, seed ${seed}: ${closed.length} Ops closed, ${restored.size} restored from history, ${trouble.length} failures`,
)
if (trouble.length > 0 || closed.length === 0) process.exitCode = 1
