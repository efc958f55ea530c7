import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { installHook } from '../support/waiting-script.js'

const HOOKS = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'post-rewrite',
  'pre-auto-gc',
  'reference-transaction',
  'post-index-change',
]

/** A hook that fails, one that writes into the repository, and one that never ends. */
const SCRIPTS: Readonly<Record<string, string>> = {
  fails: 'exit 1',
  writes: 'echo changed > README.md; git add README.md',
  hangs: 'sleep 30',
}

const withHooks = async (command: string): Promise<Repository> => {
  const repository = await newRepository()
  await mkdir(join(repository.path, '.git', 'hooks'))
  for (const name of HOOKS) {
    const script = `#!/bin/sh\n: > "$(git rev-parse --git-dir)/ran-${name}"\n${command}\n`
    await installHook(repository.path, name, script)
  }
  return repository
}

const hooksThatRan = async ({ path }: Repository): Promise<string[]> =>
  (await readdir(join(path, '.git'))).filter((name) => name.startsWith('ran-'))

describe.each(Object.entries(SCRIPTS))('a hook of any kind that %s', (_, command) => {
  it('does not run', async () => {
    const repository = await withHooks(command)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await hooksThatRan(repository)).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([])
  })
})

it('hooks in a folder of the user’s do not run', async () => {
  const repository = await withHooks('exit 1')
  const hooks = join(await tempFolder(), 'hooks')
  await rename(join(repository.path, '.git', 'hooks'), hooks)
  await repository.git('config', 'core.hooksPath', hooks)
  const ops = await storeAt(repository)
  await expectCommitted(repository, ops, await closeOne(ops))
  expect(await hooksThatRan(repository)).toEqual([])
})

it('a broken signing program is not started', async () => {
  const repository = await newRepository()
  await repository.git('config', 'commit.gpgSign', 'true')
  await repository.git('config', 'gpg.program', join(repository.path, 'no-such-program'))
  const ops = await storeAt(repository)
  await expectCommitted(repository, ops, await closeOne(ops))
  expect(await repository.git('cat-file', 'commit', 'HEAD')).not.toContain('gpgsig')
})

describe('core.fsmonitor', () => {
  const monitored = async (command: string): Promise<Repository> => {
    const repository = await newRepository()
    const script = join(repository.path, '.git', 'monitor')
    await writeFile(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 })
    await repository.git('config', 'core.fsmonitor', script)
    return repository
  }

  it('keeps working', async () => {
    // For every token it answers: check all files again.
    const repository = await monitored(String.raw`printf 'token\0/\0'`)
    await repository.git('update-index', '--fsmonitor')
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    await repository.write('README.md', 'changed\n')
    expect(await repository.statusPorcelain()).toEqual([' M README.md'])
    const index = await readFile(join(repository.path, '.git', 'index'), 'latin1')
    expect(index).toContain('FSMN')
  })

  it('that hangs is killed after the given time', async () => {
    const repository = await monitored('[ -e .git/hang ] && sleep 30')
    await repository.git('update-index', '--fsmonitor')
    await repository.write('.git/hang', '')
    const before = await repository.indexBytes()
    const ops = await storeAt(repository, { gitTimeoutMs: 300 })
    const begun = Date.now()
    const closed = await closeOne(ops)
    expect(Date.now() - begun).toBeLessThan(10_000)
    expect(answerOf(closed)).toBe('GIT_TIMED_OUT')
    expect(await repository.indexBytes()).toEqual(before)
    expect(await readdir(join(repository.path, '.git'))).not.toContain('index.lock')
    await repository.git('config', '--unset', 'core.fsmonitor')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})
