// npm run bench -- sync: measures `ops sync` against bare git in the same run: many new Ops, nothing new, and many
// writers. Options: --ops 10000 --writers 1000 --rounds 7
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { syncLedgers } from '@kitty/git-commit'
import { earlierOps } from './lib/earlier-ops.mjs'
import { fillLedgers, fillOwnLedger } from './lib/fill-ledgers.mjs'
import { gitProcessesOf } from './lib/git-processes.mjs'
import { median, ratioOf, table, timesInTurns } from './lib/measure.mjs'
import { git, gitSync, removeAtExit, repositoryOf } from './lib/repository.mjs'
import { runProgram } from './lib/run-program.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    ops: { type: 'string', default: '10000' },
    writers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
  },
})
const [count, writers, rounds] = [values.ops, values.writers, values.rounds].map(Number)
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))

const bareRepository = () => {
  const path = mkdtempSync(join(tmpdir(), 'kitty-bench-server-'))
  removeAtExit(path)
  gitSync(path, ['init', '--quiet', '--bare'])
  return path
}

/** Points the remote of a clone to a server. */
const connect = (root, server) => gitSync(root, ['config', 'remote.origin.url', server])

const sync = (root) => syncLedgers(root, { remote: 'origin' })

/** The whole command, as a process. */
const command = (root) =>
  runProgram(root, process.execPath, [program, 'ops', 'sync', 'origin', '--json'])

const ms = (times) => Math.round(median(times))
const ratioText = ({ ratio, low, high }) =>
  `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`

/** The size of the files below a folder, in KiB. */
const sizeOf = (folder) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  const bytes = files.map((file) =>
    file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0,
  )
  return Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1024)
}

/** Prints the times of competitors, and their ratios to the first one. */
const print = (title, times) => {
  const [[, first]] = times
  const rows = [...times].map(([name, each]) => [name, ms(each), ratioText(ratioOf(each, first))])
  table([[title, 'ms', 'ratio'], ...rows])
}

const manyNew = async () => {
  const root = repositoryOf(100)
  const ref = fillOwnLedger(root, earlierOps(count, count))
  const prepare = () => {
    const server = bareRepository()
    connect(root, server)
    return server
  }
  const times = await timesInTurns(
    {
      'git push': {
        prepare,
        run: (server) => git(root, 'push', '--quiet', server, `${ref}:${ref}`),
      },
      syncLedgers: { prepare, run: () => sync(root) },
      'ops sync': { prepare, run: () => command(root) },
    },
    { rounds, warmUp: 1 },
  )
  print(`${count} new Ops`, times)
  const server = prepare()
  await sync(root)
  const late = repositoryOf(100)
  connect(late, server)
  const begin = performance.now()
  await sync(late)
  process.stdout.write(
    `A late clone fetched them in ${Math.round(performance.now() - begin)} ms; the server has ${sizeOf(server)} KiB.\n\n`,
  )
}

const nothingNew = async () => {
  const root = repositoryOf(100)
  fillOwnLedger(root, earlierOps(100, 100))
  connect(root, bareRepository())
  await sync(root)
  const times = await timesInTurns(
    {
      'git ls-remote': { run: () => git(root, 'ls-remote', 'origin') },
      syncLedgers: { run: () => sync(root) },
      'ops sync': { run: () => command(root) },
    },
    { rounds },
  )
  print('nothing new', times)
  const started = (await gitProcessesOf(() => sync(root))).map(({ command }) => command)
  const wire = started.filter((name) =>
    /^(?:ls-remote|fetch|push|upload-pack|receive-pack)/.test(name),
  )
  process.stdout.write(
    `git processes: ${started.join(', ')}\nover the wire: ${wire.join(', ')}\n\n`,
  )
}

/** A server with a branch, and a clone of it. */
const pairOf = (fill) => {
  const server = bareRepository()
  const first = repositoryOf(100)
  gitSync(first, ['push', '--quiet', server, 'work'])
  fill(server)
  const root = mkdtempSync(join(tmpdir(), 'kitty-bench-clone-'))
  removeAtExit(root)
  gitSync(root, ['clone', '--quiet', '--branch', 'work', '--no-local', server, '.'])
  for (const name of ['name', 'email'])
    gitSync(root, ['config', `user.${name}`, 'bench@example.org'])
  gitSync(root, ['config', 'gc.auto', '0'])
  return { server, root }
}

const newCommit = (root) => () =>
  gitSync(root, ['commit', '--quiet', '--allow-empty', '-m', 'work'])

const manyWriters = async () => {
  const without = pairOf(() => undefined)
  const records = earlierOps(writers * 10, writers * 10)
  const { server, root } = pairOf((path) => fillLedgers(path, records, writers))
  const begin = performance.now()
  const { fetched } = await sync(root)
  const took = Math.round(performance.now() - begin)
  process.stdout.write(`The first sync fetched ${fetched.length} writers in ${took} ms.\n\n`)
  const used = {
    'git fetch, no ledgers': { run: () => git(without.root, 'fetch', '--quiet') },
    'git fetch, here and there': { run: () => git(root, 'fetch', '--quiet') },
  }
  print(`${writers} writers`, await timesInTurns(used, { rounds }))
  const pushed = {
    'git push, no ledgers': {
      prepare: newCommit(without.root),
      run: () => git(without.root, 'push', '--quiet', 'origin', 'HEAD'),
    },
    'git push, here and there': {
      prepare: newCommit(root),
      run: () => git(root, 'push', '--quiet', 'origin', 'HEAD'),
    },
  }
  print(`${writers} writers`, await timesInTurns(pushed, { rounds }))
  const synced = {
    'git ls-remote': { run: () => git(root, 'ls-remote', 'origin') },
    'syncLedgers, nothing new': { run: () => sync(root) },
  }
  print(`${writers} writers`, await timesInTurns(synced, { rounds }))
  gitSync(root, ['pack-refs', '--all'])
  gitSync(server, ['pack-refs', '--all'])
  print(`${writers} writers, packed refs`, await timesInTurns(used, { rounds }))
}

await manyNew()
await nothingNew()
await manyWriters()
