// What git prints and stores, in the parsers that need no git.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { git, newRepository } from '../../lib/repository.mjs'
import { built } from '../built.mjs'
import { temporaryFolder } from '../temporary.mjs'

const { parseBatch } = await built('git-commit', 'objects/cat-file')
const { entriesOf, entryFinder, withChanges } = await built('git-commit', 'objects/tree')
const { readLoose } = await built('git-commit', 'objects/loose')
const { parseBlame, unquotedPath } = await built('git-commit', 'blame/porcelain')
const { parseHistory, WALK_FORMAT } = await built('git-commit', 'inspect/history-format')
const { failureFromGit } = await built('git-commit', 'git/failures')
const { troubleIn, wordsOf } = await built('git-commit', 'sync/network-failure')

/** Real output of git for a small history with odd names. */
const history = (folder) => {
  newRepository(folder)
  mkdirSync(join(folder, 'a'))
  for (const name of ['ü “x”', 'a/line\nfeed\ttab', 'a/plain', '.jsonl'])
    writeFileSync(join(folder, name), `${name}\nlast`)
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'op(x): y\n\nOp-Id: 01\n\x01')
  writeFileSync(join(folder, 'a/plain'), 'first\nplain\nlast\n')
  git(folder, 'commit', '--quiet', '--all', '-m', 'Änderung')
}

const raw = (folder, args, input = '') => execFileSync('git', args, { cwd: folder, input })

const made = () => {
  const folder = temporaryFolder()
  history(folder)
  const ids = git(folder, 'rev-list', '--objects', '--no-object-names', 'HEAD').trim().split('\n')
  const commits = git(folder, 'rev-list', 'HEAD')
  const shown = ['-z', '-c', '--raw', '-r', '--root', `--format=${WALK_FORMAT}`]
  return {
    folder,
    batch: raw(folder, ['cat-file', '--batch'], `${ids.join('\n')}\nHEAD:nothing\n`),
    trees: ['HEAD:a', 'HEAD^{tree}'].map((name) => raw(folder, ['cat-file', 'tree', name])),
    blame: ['a/plain', 'ü “x”', 'a/line\nfeed\ttab'].map((path) =>
      raw(folder, ['blame', '--incremental', '--', path]),
    ),
    history: raw(folder, ['diff-tree', '--stdin', ...shown], commits),
  }
}

const HEX = /^[0-9a-f]{40}$/

export const catFile = () => {
  const { batch } = made()
  const count = parseBatch(batch).size
  return {
    samples: [batch],
    isValid: () => (count > 5 ? undefined : 'objects are missing'),
    check: (bytes) => {
      for (const [id, object] of parseBatch(bytes)) {
        if (object.id !== id || !/^[0-9a-f]+$/.test(id)) return `id ${id}`
      }
      // What was cut off hides nothing before it.
      const cut = parseBatch(batch.subarray(0, bytes.length))
      return [...cut.keys()].every((id) => parseBatch(batch).has(id)) ? undefined : 'other ids'
    },
  }
}

/** The entries of a sound tree, one after the other. */
const entriesBefore = (tree, end) => entriesOf(tree.subarray(0, end), 20)

export const trees = () => {
  const { trees: samples } = made()
  const entry = { mode: '100644', id: 'ab'.repeat(20) }
  const addition = new Map([['kitty-ops', { mode: '40000', id: 'cd'.repeat(20) }]])
  const names = (tree) => entriesOf(tree, 20).map(({ name }) => name)
  const isSound = (tree) => {
    const added = withChanges(tree, addition, 20)
    const removed = withChanges(added, new Map([['kitty-ops', 'nothing']]), 20)
    return removed.equals(tree) && names(added).length === names(tree).length + 1
  }
  return {
    samples: [...samples, withChanges(samples[0], new Map([['z', entry]]), 20)],
    isValid: (tree) => (isSound(tree) ? undefined : 'adding and removing changes a tree'),
    check: (bytes) => {
      for (const { id, name } of entriesOf(bytes, 20))
        if (!HEX.test(id)) return `the id ${id} of ${name} is cut off`
      const find = entryFinder(bytes, 20)
      for (const name of ['a', '.jsonl', 'plain', '', 'x', '1', '2', '3', '4', 'plain', ''])
        find(name)
      withChanges(bytes, new Map([...addition, ['plain', 'no file'], ['a', 'no folder']]), 20)
      // What follows an entry does not change it.
      const [sound] = samples
      const before = entriesBefore(sound, sound.length)
      const all = entriesOf(Buffer.concat([sound, bytes]), 20)
      return before.every(({ id }, at) => all[at]?.id === id) ? undefined : 'an entry is hidden'
    },
  }
}

const looseFile = (object) => deflateSync(object)

export const looseObjects = () => {
  const folder = temporaryFolder()
  const object = Buffer.from('blob 5\0hello')
  const id = createHash('sha1').update(object).digest('hex')
  const place = join(folder, 'objects', id.slice(0, 2))
  mkdirSync(place, { recursive: true })
  const bomb = Buffer.concat([Buffer.from('blob 9\0'), Buffer.alloc(1 << 22)])
  return {
    samples: [looseFile(object), object, looseFile(bomb), looseFile(Buffer.from('tree 0\0'))],
    share: 0.1,
    check: (bytes) => {
      writeFileSync(join(place, id.slice(2)), bytes)
      const found = readLoose(folder, id)
      return found === undefined || found.id === id ? undefined : `id ${found.id}`
    },
  }
}

export const blame = () => {
  const { blame: samples } = made()
  return {
    samples,
    isValid: (bytes) => (parseBlame(bytes.toString()).length > 0 ? undefined : 'nothing is read'),
    check: (bytes) => {
      for (const { sha, lines, path } of parseBlame(bytes.toString())) {
        if (!/^[0-9a-f]{40,64}$/.test(sha)) return `id ${sha}`
        if (typeof path !== 'string' || lines.length === 0) return 'a commit without lines'
      }
      unquotedPath(`"${bytes.toString('latin1').slice(0, 200)}"`)
      return undefined
    },
  }
}

export const histories = () => {
  const { history: sample } = made()
  return {
    samples: [sample],
    isValid: (bytes) => (parseHistory(bytes).length === 3 ? undefined : 'commits are missing'),
    check: (bytes) => {
      for (const { sha, changes } of parseHistory(bytes)) {
        if (typeof sha !== 'string') return 'no id'
        for (const { before, after } of changes)
          if ([...before, after ?? ''].some((id) => typeof id !== 'string')) return 'no blob'
      }
      return undefined
    },
  }
}

const WORDS = [
  "fatal: Unable to create '/x/.git/index.lock': File exists.",
  "error: cannot lock ref 'refs/heads/work': is at 0123abc but expected 0123abd",
  "fatal: detected dubious ownership in repository at '/x'\nTo add an exception, call:\n\n\tgit config",
  "To https://me:secret@example.org/x\n ! [remote rejected] main -> main (hook declined)\nerror: failed to push some refs to 'https://me:secret@example.org/x'",
  'ssh: Could not resolve hostname x: Name or service not known\r\nfatal: Could not read from remote repository.',
]

export const failures = () => ({
  samples: WORDS.map((text) => Buffer.from(text)),
  check: (bytes) => {
    const stderr = bytes.toString()
    const outcome = { ok: false, exitCode: 128, stdout: Buffer.alloc(0), stderr }
    const result = failureFromGit(outcome)
    if (!['failed', 'deferred'].includes(result.status)) return `status ${result.status}`
    if (typeof troubleIn(outcome) !== 'string') return 'no trouble'
    const words = wordsOf(outcome)
    return /[\r\n]/.test(words) ? 'more than a line' : undefined
  },
})
