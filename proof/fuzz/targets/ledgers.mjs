// Trees and commits of ledgers that others wrote, and what git prints.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { restoreOps } from '@kitty/doctor'
import { directGit, withLedger } from '@kitty/git-commit'
import {
  blame,
  commitsWithRecords,
  coveringSettings,
  filesAtTip,
  findHistory,
  gitHealth,
  indexEntries,
  linksInGit,
  listLedgers,
  readLedgers,
  recordsInHead,
  stagedFiles,
  storesAtTip,
  walkHistory,
} from '@kitty/git-commit/inspect'
import { newOpId, opIdTime, parseOpRecord } from '@kitty/record'
import { openOps } from '@kitty/writer'
import { git, newRepository } from '../../lib/repository.mjs'
import { temporaryFolder } from '../temporary.mjs'

const closeOne = async (store, text) => {
  const { id } = await store.start({ request_text: text, profile_id: 'p', action: 'do' })
  await store.complete(id, { outcome: 'done' })
  return id
}

const repository = async () => {
  const folder = temporaryFolder()
  newRepository(folder)
  const store = await openOps({ root: folder, strategy: withLedger(directGit()) })
  const ids = [await closeOne(store, 'One'), await closeOne(store, 'Two')]
  return { folder, ids, store }
}

/** Writes an object as it is: git would refuse some. Returns its id. */
const putObject = (folder, type, bytes) => {
  const object = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
  const id = createHash('sha1').update(object).digest('hex')
  const path = join(folder, '.git', 'objects', id.slice(0, 2), id.slice(2))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, deflateSync(object))
  return id
}

const entry = (mode, name, id) =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])

const raw = (folder, ...args) => spawnSync('git', args, { cwd: folder }).stdout

const OTHER = '01K6ZP4W3M8Q2V5X7Y9A1B3C5E'

/** A ledger of another writer, of which a tree, the commit or a record is hostile. The own one must be read. */
export const ledgers = async () => {
  const { folder, ids, store } = await repository()
  const gone = newOpId(opIdTime(ids[0]))
  const [own] = await listLedgers(folder)
  const ref = `refs/kitty/remotes/origin/${OTHER}`
  const top = raw(folder, 'cat-file', 'tree', `${own.tip}^{tree}`)
  const month = raw(folder, 'ls-tree', '-d', '--name-only', own.tip).toString().trim()
  const monthTree = raw(folder, 'cat-file', 'tree', `${own.tip}:${month}`)
  const day = raw(folder, 'ls-tree', '-d', '--name-only', `${own.tip}:${month}`).toString().trim()
  const dayTree = raw(folder, 'cat-file', 'tree', `${own.tip}:${month}/${day}`)
  const record = raw(folder, 'cat-file', 'blob', `${own.tip}:${month}/${day}/${ids[0]}.jsonl`)
  // An Op that only the hostile ledger has, of the same day.
  const theirs = Buffer.from(`${record}`.replaceAll(ids[0], gone))
  const blob = putObject(folder, 'blob', theirs)
  const commit = raw(folder, 'cat-file', 'commit', own.tip)
  const odd = Buffer.concat([
    entry('120000', `${gone}.jsonl`, blob),
    entry('160000', 'sub', own.tip),
    entry('100644', '../../../x.jsonl', blob),
    entry('100644', `${OTHER}.jsonl`, blob),
    entry('40000', '..', putObject(folder, 'tree', dayTree)),
    entry('40000', '2026-01', putObject(folder, 'tree', monthTree)),
    entry('40000', 'erased', putObject(folder, 'tree', entry('100644', ids[1], blob))),
  ])
  const ways = {
    tree: (bytes) => putObject(folder, 'tree', bytes),
    month: (bytes) => ways.tree(entry('40000', month, putObject(folder, 'tree', bytes))),
    day: (bytes) => ways.month(entry('40000', day, putObject(folder, 'tree', bytes))),
    record: (bytes) => ways.day(entry('100644', `${gone}.jsonl`, putObject(folder, 'blob', bytes))),
  }
  const commitOf = (tree) =>
    putObject(folder, 'commit', Buffer.from(`${commit}`.replace(/^tree .*/, `tree ${tree}`)))
  const kinds = [
    ...Object.values(ways).map((way) => (bytes) => commitOf(way(bytes))),
    (bytes) => putObject(folder, 'commit', bytes),
  ]
  return {
    samples: [top, monthTree, dayTree, theirs, theirs, commit, odd],
    share: 0.0005,
    grows: false,
    check: async (bytes) => {
      const tip = kinds[bytes.length % kinds.length](bytes)
      const path = join(folder, '.git', ...ref.split('/'))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${tip}\n`)
      const found = await readLedgers(folder, await listLedgers(folder))
      for (const [id, copies] of found.copies) {
        const foreign = copies.find(({ record: each }) => each.started?.invocation_id !== id)
        if (foreign) return `a record of another Op counts as ${id}`
      }
      if (found.broken.some(({ ledger: { isOwn } }) => isOwn)) return 'the own ledger is broken'
      const hidden = ids.find((id) => !found.copies.get(id)?.some(({ ledger: { isOwn } }) => isOwn))
      if (hidden) return `${hidden} of the own ledger is hidden`
      await linksInGit(folder)
      const before = statusOf(folder)
      await restoreOps({ ops: store, ids: [gone] })
      const after = statusOf(folder)
      const restored = join(folder, 'kitty-ops', `${gone}.jsonl`)
      if (!existsSync(restored)) return before === after ? undefined : `restoring changes ${after}`
      const { status } = parseOpRecord(readFileSync(restored), { opId: gone })
      rmSync(restored)
      if (status !== 'closed') return `restored a record that is ${status}`
      return before === statusOf(folder) ? undefined : `restoring changes ${after}`
    },
  }
}

const statusOf = (folder) => git(folder, 'status', '--porcelain', '--ignored')

// A git that prints a file instead of the answer to one of its commands. It runs no shell command of ours on Windows.
const REPLAY = (real) => `#!/bin/sh
for word; do
  if [ "$word" = "$KITTY_REPLAYED" ]; then
    case "$word" in cat-file) ;; *) cat > /dev/null ;; esac
    exec cat "$KITTY_OUTPUT"
  fi
done
exec '${real}' "$@"
`

const WALK = '%x01%H%x00%P%x00%at%x00%ct%x00%B%x00'

const QUESTIONS = {
  'for-each-ref': ({ folder }) => listLedgers(folder),
  'ls-tree': async ({ folder }) => {
    const history = await findHistory(folder)
    await filesAtTip(history)
    await storesAtTip(history)
    await recordsInHead(folder)
  },
  'ls-files': ({ folder }) => indexEntries(folder),
  'diff-index': ({ folder }) => stagedFiles(folder),
  'diff-tree': async ({ folder, head }) => {
    await walkHistory(await findHistory(folder))
    await commitsWithRecords(folder, [head])
  },
  'rev-list': async ({ folder }) => walkHistory(await findHistory(folder)),
  'rev-parse': ({ folder }) => findHistory(folder),
  blame: ({ folder }) => blame({ top: folder, path: 'plain.txt' }),
  config: ({ folder }) => coveringSettings(folder, 'refs/kitty/ops/x'),
  version: ({ folder }) => gitHealth(folder),
  grep: ({ folder }) => linksInGit(folder),
}

/** Commands whose output is mutated. */
const SAMPLES = [
  ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/kitty/'],
  ['ls-tree', '-r', '-z', '--full-tree', 'HEAD'],
  ['ls-tree', '-r', '-z', '--name-only', 'HEAD'],
  ['ls-files', '-v', '--stage', '-z'],
  ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', 'HEAD^'],
  ['diff-tree', '-z', '-c', '--raw', '-r', '--root', `--format=${WALK}`, 'HEAD'],
  ['rev-list', 'HEAD'],
  ['blame', '--incremental', '--', 'plain.txt'],
  ['config', '--show-origin', '-z', '--list'],
  ['version'],
  ['grep', '-z', '-a', '-F', '-e', 'event', 'HEAD'],
]

export const gitOutput = async () => {
  const { folder } = await repository()
  const head = git(folder, 'rev-parse', 'HEAD').trim()
  git(folder, 'config', 'remote.origin.fetch', '+refs/*:refs/*')
  const programs = join(temporaryFolder(), 'bin')
  mkdirSync(programs)
  const real = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim()
  const program = join(programs, 'git')
  writeFileSync(program, REPLAY(real))
  chmodSync(program, 0o755)
  const output = join(programs, 'output')
  const names = Object.keys(QUESTIONS)
  const samples = SAMPLES.map(([name, ...args]) =>
    raw(folder, name, ...args.map((each) => each.replace('HEAD', head))),
  )
  const path = process.env.PATH
  return {
    samples,
    share: 0.001,
    grows: false,
    check: async (bytes) => {
      writeFileSync(output, bytes)
      const name = names[bytes.length % names.length]
      process.env.PATH = programs + delimiter + path
      process.env.KITTY_REPLAYED = name
      process.env.KITTY_OUTPUT = output
      try {
        // `gitEnvironment` is built once in a turn of the event loop.
        await new Promise(setImmediate)
        await QUESTIONS[name]({ folder, head })
      } finally {
        process.env.PATH = path
        delete process.env.KITTY_REPLAYED
      }
    },
  }
}
