import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import type { Completion } from '@kitty/writer'
import { describe, expect, it, vi } from 'vitest'
import { leaveWork, withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { leaveIndexToGit } from '../support/git-index.js'
import {
  atTheSwap,
  isAtTheSwap,
  letGitMoveHead,
  SWITCH,
  when,
  withShim,
} from '../support/git-shim.js'
import { HAS_LOCAL_INDEX } from '../support/local-index.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const INDEX = 'kitty-ops/ops-index.jsonl'

/** One Op is committed, and the user has unfinished work. */
const branches = templateOf(async () => {
  const repository = await withBranches()
  await closeOne(await storeAt(repository))
  await leaveWork(repository)
  await leaveIndexToGit(repository)
  return repository
})

// The order of events: `var` while the state is read; `update-index` while the index is locked; `update-ref` is the
// ref update, which is started before and gets its input last.
const WHILE_WE_LOOK = 'var'
const WHILE_WE_WRITE = 'update-index'

const MORE = 'real update-ref refs/heads/work "$(real commit-tree -m More -p work work^{tree})"'
/** The user's commit, whose editor is open until `.git/edited` exists. */
const EDITOR = 'until [ -e .git/edited ]; do sleep 0.05; done; echo Edited > "$1"; :'
const EDITING = `
GIT_EDITOR='edit() { ${EDITOR}; }; edit' real commit -q > .git/edit.log 2>&1 < /dev/null &
until grep -q '^# Please' .git/COMMIT_EDITMSG; do sleep 0.05; done`

/** Every git that writes a new shared index deletes the old one at once. */
const SPLITTING = {
  'core.splitIndex': 'true',
  'splitIndex.maxPercentChange': '0',
  'splitIndex.sharedIndexExpire': 'now',
}

type Race = readonly [what: string, script: string, answer: string, branch: string]

const RACES: readonly Race[] = [
  ['a commit', when(WHILE_WE_LOOK, 'real commit -q --only half.txt -m More'), 'committed', 'work'],
  ['a commit elsewhere', when(WHILE_WE_WRITE, MORE), 'committed', 'work'],
  ['a commit elsewhere, late', atTheSwap(MORE), 'committed', 'work'],
  ['commits without end', atTheSwap(MORE, 'always'), 'head-moved', 'work'],
  ['a new branch', when(WHILE_WE_LOOK, 'real checkout -q -b new'), 'committed', 'new'],
  [
    'a new branch, late',
    when(
      WHILE_WE_WRITE,
      'real symbolic-ref HEAD refs/heads/other; real update-ref refs/heads/other work',
    ),
    'committed',
    'other',
  ],
  ['a new branch, at the swap', atTheSwap(SWITCH), 'committed', 'new'],
  [
    'a new branch, right after the swap',
    atTheSwap(`echo "$order" | real "$@"; ${SWITCH}; exit 0`),
    'committed',
    'new',
  ],
  [
    'a branch gets another name, at the swap',
    atTheSwap('real branch -m work new'),
    'committed',
    'new',
  ],
  ['a detached HEAD', when(WHILE_WE_LOOK, 'real checkout -q --detach'), 'detached-head', ''],
  ['a bisection', when(WHILE_WE_WRITE, 'real bisect start --no-checkout >&2'), 'bisect', 'work'],
  ['a message to be edited', when(WHILE_WE_LOOK, EDITING), 'commit-in-progress', 'work'],
]

const FAILURES: readonly (readonly [what: string, script: string, answer: string])[] = [
  ['the change of the index fails', when('update-index', 'exit 1', 'always'), 'GIT_FAILED'],
  [
    'the change of the index is killed',
    when('update-index', 'kill -9 $$', 'always'),
    'GIT_TIMED_OUT',
  ],
  ['the swap fails', atTheSwap('exit 1', 'always'), 'GIT_FAILED'],
  ['the swap is killed before it', atTheSwap('kill -9 $$', 'always'), 'GIT_TIMED_OUT'],
  ['the swap is killed after it', atTheSwap('echo "$order" | real "$@"; kill -9 $$'), 'committed'],
  ['the swap says no, but was made', atTheSwap('echo "$order" | real "$@"; exit 1'), 'committed'],
]

const endEditing = async (repository: Repository): Promise<void> => {
  await repository.write('.git/edited', '')
  const isMade = async () => expect(await repository.log()).toContain('Edited')
  await vi.waitFor(isMade, { timeout: 20_000, interval: 50 })
}

const close = async (
  repository: Repository,
  script: string,
): Promise<{ closed: Completion; later: () => Promise<void> }> => {
  if (isAtTheSwap(script)) await letGitMoveHead(repository)
  const ops = await storeAt(repository)
  const closed = await withShim(script, () => closeOne(ops))
  const later = async (): Promise<void> => {
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  }
  return { closed, later }
}

/** The index, the index cache and the files in the git directory. */
const traces = async (repository: Repository) => ({
  index: await repository.indexBytes(),
  cache: HAS_LOCAL_INDEX && (await repository.read(INDEX)),
  files: (await readdir(join(repository.path, '.git'))).filter((name) => /lock|crash/.test(name)),
  copies: await readdir(join(repository.path, '.git', 'kitty', 'index')),
})

describe.skipIf(process.platform === 'win32')('what happens meanwhile', () => {
  it.each(RACES)('%s', async (_, script, answer, branch) => {
    const repository = await branches()
    const { closed, later } = await close(repository, script)
    expect(answerOf(closed)).toBe(answer)
    expect((await repository.tryGit('symbolic-ref', '--short', '-q', 'HEAD')).stdout).toBe(branch)
    if (answer === 'bisect') await repository.git('bisect', 'reset')
    if (answer === 'detached-head') await repository.git('checkout', '--quiet', 'work')
    if (answer === 'commit-in-progress') await endEditing(repository)
    await later()
    expect(await repository.read('half.txt')).toBe('A\n\n\nB\n')
  })

  it('a split index is restored if the Op cannot be committed', async () => {
    const repository = await branches()
    for (const [name, value] of Object.entries(SPLITTING))
      await repository.git('config', name, value)
    await repository.git('update-index', '--split-index')
    const before = await repository.stagedState(['kitty-ops'])
    const { later } = await close(repository, atTheSwap('exit 1', 'always'))
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
    await later()
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
  })

  it.each(FAILURES)('%s', async (_, script, answer) => {
    const repository = await branches()
    const before = await traces(repository)
    const { closed, later } = await close(repository, script)
    expect(answerOf(closed)).toBe(answer)
    if (answer !== 'committed') expect(await traces(repository)).toEqual(before)
    const staged = await repository.stagedState(['kitty-ops'])
    await later()
    expect(await repository.stagedState(['kitty-ops'])).toEqual(staged)
  })
})
