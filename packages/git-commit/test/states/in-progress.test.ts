import { readlinkSync } from 'node:fs'
import { mkdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'
import { installHook, waitingScript } from '../support/waiting-script.js'
import { withEnv } from '../support/with-env.js'

/** `staged.txt` is staged; `other` has one more commit, and the last commit here can be reverted. */
const withStagedWork = templateOf(async () => {
  const repository = await newRepository({ files: { 'staged.txt': 'one\n' } })
  await mkdir(join(repository.path, '.git', 'hooks'))
  await repository.git('checkout', '--quiet', '-b', 'other')
  for (const name of ['other', 'work']) {
    await repository.git('checkout', '--quiet', name)
    await repository.write(`${name}.txt`, 'new\n')
    await repository.commit(`Add ${name}`)
  }
  await repository.write('staged.txt', 'two\n')
  await repository.git('add', 'staged.txt')
  return repository
})

type Settings = Readonly<Record<string, string>>

const SCISSORS = { 'core.commentChar': '%', 'commit.cleanup': 'scissors' }

describe('a message is being edited: the Op waits, and that commit succeeds', () => {
  it.each([
    ['commit-in-progress', 'commit', []],
    ['commit-in-progress', 'commit', ['--amend']],
    ['commit-in-progress', 'commit', [], { 'core.commentChar': ';' }],
    ['commit-in-progress', 'commit', [], SCISSORS],
    ['commit-in-progress', 'cherry-pick', ['--edit', 'other']],
    ['commit-in-progress', 'revert', ['--edit', 'HEAD']],
    ['commit-in-progress', 'merge', ['--edit', 'other']],
    ['commit-in-progress', 'merge', ['--edit', 'other'], { 'core.commentChar': ';' }],
    ['commit-in-progress', 'merge', ['--edit', 'other'], { 'core.commentChar': 'auto' }],
    ['commit-in-progress', 'merge', ['--edit', 'other'], SCISSORS],
    ['rebase', 'rebase', ['--interactive', 'HEAD~1']],
    // Here git holds the index until the commit is made, and COMMIT_EDITMSG is newer, too.
    ['commit-in-progress', 'commit', ['--all']],
    ['commit-in-progress', 'commit', ['--only', 'staged.txt']],
  ])('%s: git %s %j %j', async (reason, command, args, config: Settings = {}) => {
    const repository = await withStagedWork()
    for (const [name, value] of Object.entries(config)) await repository.git('config', name, value)
    if (command !== 'commit') await repository.git('reset', '--quiet', '--hard')
    const editor = await waitingScript()
    const env = { GIT_EDITOR: editor.command, GIT_SEQUENCE_EDITOR: editor.command }
    const commit = repository.gitWith({ env }, command, ...args)
    await editor.running()
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    await editor.goOn()
    expect(await commit).toMatchObject({ exitCode: 0 })
    expect(answerOf(closed)).toBe(reason)
    if (command !== 'rebase') expect(await repository.log()).toContain('From an editor')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

describe('a commit with a message of its own that failed does not keep the Op waiting', () => {
  it('because there was nothing to commit', async () => {
    const repository = await newRepository()
    const { exitCode } = await repository.tryGit('commit', '-m', '- Again\n- and again')
    expect(exitCode).toBe(1)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
  })

  it.skipIf(process.platform === 'win32')('because a hook refused it', async () => {
    const repository = await withStagedWork()
    await installHook(repository.path, 'commit-msg', '#!/bin/sh\nexit 1\n')
    const { exitCode } = await repository.tryGit('commit', '-m', 'Refused')
    expect(exitCode).toBe(1)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.statusPorcelain()).toEqual(['M  staged.txt'])
  })
})

const wholeMachine = (): boolean => {
  try {
    return readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
  } catch {
    return false
  }
}

// Elsewhere nothing shows that no editor is open: the message that it leaves behind is the same.
describe.skipIf(!wholeMachine())('a message that was given up in the editor', () => {
  const GIVEN_UP = { GIT_EDITOR: 'false' }

  it('of a commit: the Op is committed, and that commit can be made again', async () => {
    const repository = await withStagedWork()
    const message = join(repository.path, '.git', 'COMMIT_EDITMSG')
    expect(await repository.gitWith({ env: GIVEN_UP }, 'commit')).toMatchObject({ exitCode: 1 })
    const later = new Date(Date.now() + 5_000)
    await utimes(message, later, later)
    expect(await readFile(message, 'utf8')).toContain('# Please enter the commit message')
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.statusPorcelain()).toEqual(['M  staged.txt'])
  })

  it('of a merge: the Op is committed, and the merge can be concluded', async () => {
    const repository = await withStagedWork()
    await repository.git('reset', '--quiet', '--hard')
    const merge = await repository.gitWith({ env: GIVEN_UP }, 'merge', '--edit', 'other')
    expect(merge.exitCode).toBe(1)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    await repository.git('merge', '--continue')
    expect(await repository.git('rev-list', '--count', '--merges', 'HEAD')).toBe('1')
  })
})

describe('from inside a hook', () => {
  it.each(['pre-commit', 'post-commit'])('%s: the Op waits for the commit to end', async (hook) => {
    const repository = await withStagedWork()
    const script = await waitingScript()
    await installHook(repository.path, hook, script.text)
    const ops = await storeAt(repository)
    const commit = repository.git('commit', '--quiet', '-m', 'The user’s')
    const env = await script.running()
    expect(env).toHaveProperty('GIT_INDEX_FILE')
    const closed = await withEnv(env, () => closeOne(ops))
    await script.goOn()
    await commit
    expect(answerOf(closed)).toBe('in-hook')
    expect(await repository.git('show', '--format=', '--name-only')).toBe('staged.txt')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

describe('variables that point git elsewhere', () => {
  it('are not followed', async () => {
    const repository = await withStagedWork()
    const elsewhere = await newRepository()
    const env = {
      GIT_DIR: join(elsewhere.path, '.git'),
      GIT_WORK_TREE: elsewhere.path,
      GIT_OBJECT_DIRECTORY: join(elsewhere.path, '.git', 'objects'),
      GIT_COMMON_DIR: join(elsewhere.path, '.git'),
      GIT_NAMESPACE: 'other',
      GIT_CEILING_DIRECTORIES: repository.path,
    }
    const ops = await storeAt(repository)
    const closed = await withEnv(env, () => closeOne(ops))
    await expectCommitted(repository, ops, closed)
    expect(await elsewhere.log()).toEqual(['First commit'])
    expect(await readFile(join(elsewhere.path, '.git', 'HEAD'), 'utf8')).toContain('work')
  })

  it('their own index file means that git is running', async () => {
    const repository = await withStagedWork()
    const ops = await storeAt(repository)
    const index = join(repository.path, '.git', 'other-index')
    const closed = await withEnv({ GIT_INDEX_FILE: index }, () => closeOne(ops))
    expect(answerOf(closed)).toBe('in-hook')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

describe('what somebody forgot to end', () => {
  it.each([
    ['rebase', 'rebase-merge', 'A rebase', 'git rebase --continue or --abort'],
    ['am', 'rebase-apply/applying', 'git am', 'git am --continue or --abort'],
    ['bisect', 'BISECT_LOG', 'A bisection', 'git bisect reset'],
    ['sequence', 'sequencer', 'A sequence', 'git cherry-pick or git revert'],
  ])('%s: the result says for how long, and how to end it', async (reason, path, what, end) => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const file = join(repository.path, '.git', path)
    await mkdir(file, { recursive: true })
    const [fresh, old] = [new Date(), new Date(Date.now() - 3.5 * 24 * 60 * 60 * 1000)]
    const commitAt = async (time: Date) => {
      await utimes(file, time, time)
      return (await closeOne(ops)).commit
    }
    expect(await commitAt(fresh)).toMatchObject({
      reason,
      message: expect.stringMatching(new RegExp(`^${what}.* is in progress; `)),
      hint: expect.stringContaining(end),
    })
    expect(await commitAt(old)).toMatchObject({
      reason,
      message: expect.stringMatching(/ has been in progress for 3 days; /),
    })
  })
})

describe('a branch that another tool rewrites', () => {
  it.each(['gitbutler/workspace', 'git-annex'])(
    '%s: the Op waits, and is committed on the next branch',
    async (branch) => {
      const repository = await newRepository()
      await repository.git('checkout', '--quiet', '-b', branch)
      const ops = await storeAt(repository)
      const tip = await repository.head()
      const closed = await closeOne(ops)
      expect(closed.commit).toMatchObject({ status: 'deferred', reason: 'foreign-branch' })
      expect(await repository.head()).toBe(tip)
      await repository.git('checkout', '--quiet', '-b', 'mine')
      await ops.flush()
      await expectCommitted(repository, ops, closed)
    },
  )

  it('is known by its whole name', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '-b', 'gitbutler/workspace-notes')
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
  })
})
