// Checks that tests in `npm test` cover each sentence of the README under "What you can rely on", and of docs/promises.md
// under "Promises".
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

// The beginning of a sentence, and test files in packages/, each with part of a title or line in it.
const COVERED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Nothing is lost or falsely reported: once a close has returned, the record is on disk, and': {
    'git-commit/test/engine/survival.test.ts': 'are back, 100 of 100',
    'cli/test/op/closing.test.ts': 'succeeds with a warning if git is busy',
  },
  'Your work is never touched: what you have staged, half staged, left unstaged or stashed': {
    'git-commit/test/states/index.test.ts': 'stays as it is',
    'git-commit/test/states/between.test.ts': 'gives all of the user’s work back',
    'git-commit/test/states/hooks.test.ts': 'hooks in a folder of the user’s do not run',
    'git-commit/test/states/repositories.test.ts': 'what cannot be fetched without a network',
  },
  'The work tree and the branch can go: an open Op can be closed from another work tree': {
    'git-commit/test/states/work-trees.test.ts': 'is closed elsewhere, and committed there',
    'git-commit/test/ledger/survives.test.ts':
      'after its work tree and its branch are gone, and git has collected its garbage',
  },
  'Nothing is lost or falsely reported.': {
    'git-commit/test/engine/survival.test.ts': 'are back, 100 of 100',
    'writer/test/ops/close-fails.test.ts': 'leaves no intent, and the record unchanged',
  },
  'Once a close has returned, the record is on disk': {
    'git-commit/test/direct-git.test.ts': 'commits a closed Op, its own paths alone',
    'cli/test/op/closing.test.ts': 'succeeds with a warning if git is busy',
  },
  'An open or pending Op outlives its work tree': {
    'git-commit/test/states/work-trees.test.ts':
      'is committed elsewhere if it was closed and pending',
  },
  'After a `kill -9` at any point': {
    'writer/test/ops/crash.test.ts': '%s leaves what the next completion recovers',
    'git-commit/test/engine/heal.test.ts': '%s is committed by the next completion, once',
    'doctor/test/checks/locks.test.ts': 'that a dead closer left is removed, and its Op committed',
  },
  'Your work is never touched.': {
    'git-commit/test/states/index.test.ts': 'stays as it is',
    'git-commit/test/conformance.test.ts': 'direct git',
  },
  'What you have staged, half staged, left unstaged or stashed, even in the middle of a merge': {
    'git-commit/test/direct-git.test.ts': 'leaves a half staged file as it is',
    'git-commit/test/states/between.test.ts': 'gives all of the user’s work back',
    'git-commit/test/states/operations.test.ts': 'describe.each(Object.entries(OPERATIONS))',
  },
  'No hook runs, nothing is signed unless you ask, nothing prompts, and nothing uses the network': {
    'git-commit/test/states/hooks.test.ts': 'hooks in a folder of the user’s do not run',
    'git-commit/test/transaction/signing.test.ts': 'never happens unless it is asked for',
    'git-commit/test/states/repositories.test.ts': 'what cannot be fetched without a network',
  },
  'In the middle of a rebase the Op waits.': {
    'doctor/test/checks/uncommitted.test.ts': 'while a rebase is in progress, says so',
  },
  'We never commit an open Op, and a closed record never changes again.': {
    'git-commit/test/plan/open-record.test.ts': 'an open record is refused',
    'writer/test/ops/already-closed.test.ts': 'changes no byte, and returns its commit',
  },
  'Until its Op is committed, a record is in no `git status`': {
    'git-commit/test/states/exclude-lines.test.ts': 'added by add -A',
  },
  'The work tree and the branch can go.': {
    'git-commit/test/states/work-trees.test.ts': 'is closed elsewhere, and committed there',
    'git-commit/test/ledger/survives.test.ts':
      'after its work tree and its branch are gone, and git has collected its garbage',
  },
  'The state of an open or uncommitted Op is in the repository': {
    'git-commit/test/states/work-trees.test.ts':
      'is committed elsewhere if it was closed and pending',
  },
  'Many clones, one list.': {
    'git-commit/test/sync/sync-ledgers.test.ts':
      'publishes the ledgers of two clones, and a late one gets both',
  },
  'Only ledger refs travel, and no hook of yours runs.': {
    'git-commit/test/sync/nothing-else.test.ts':
      'moves nothing but ledger refs, here and on the server, and runs no hook of the user',
  },
  'It stays out of the way.': {
    'git-commit/test/repository/config-cache.test.ts': 'starts no git process for a close',
  },
  'Ops that close at the same time are committed together, and': {
    'git-commit/test/direct-git.test.ts': 'commits a hundred at once',
  },
  'Known kinds of tokens and keys in a request are replaced before the first byte is written': {
    'writer/test/ops/start-op.test.ts': 'replaces secrets before the first byte is written',
    'writer/test/content/redact.test.ts': 'every kind is listed in the README',
  },
  'A plain password in a sentence is not among them.': {
    'writer/test/content/redact.test.ts': 'The password is correct horse.',
  },
}

const LINK = /\[([^\]]*)\]\([^)]*\)/g

/** The sentences of a list. */
const sentencesIn = (list: string): readonly string[] =>
  list.split(/^- /m).flatMap((point) => {
    const [last = ''] = new RegExp(`${LINK.source}\\s*$`).exec(point) ?? []
    const words = point
      .slice(0, point.length - last.length)
      .replaceAll('*', '')
      .replace(LINK, '$1')
    const parts = words
      .replace(/\s+/g, ' ')
      .trim()
      .split(/(?<=\.) (?=[A-Z])/)
    return parts.filter((part) => part !== '')
  })

const [, short = ''] =
  /## What you can rely on\n(.*?)\n\n\[In full/s.exec(textOf('README.md')) ?? []
const [, long = ''] = /## Promises\n(.*?)\n## /s.exec(textOf('docs/promises.md')) ?? []

const promises = Object.keys(COVERED_BY)

test('tests cover each sentence', () => {
  expect(sentencesIn(short)).toHaveLength(4)
  const covered = [short, long]
    .flatMap(sentencesIn)
    .map((sentence) => promises.find((promise) => sentence.startsWith(promise)) ?? sentence)
  expect(new Set(covered)).toEqual(new Set(promises))
})

test.each(Object.entries(COVERED_BY))('%s', (_, tests) => {
  for (const [file, words] of Object.entries(tests)) {
    expect(file).toMatch(/(?<!\.long)\.test\.ts$/)
    expect(textOf(`packages/${file}`)).toContain(words)
  }
})
