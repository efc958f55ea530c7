import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, noCommit, safeCommitGuard } from '@kitty/git-commit'
import { tempFolder } from '@kitty/test-kit'
import { afterEach, describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { beginRebase, closedOp, newStore, storeAt } from '../support/store.js'

const path = process.env.PATH

afterEach(() => {
  process.env.PATH = path
})

/** A folder with a program of this name that says what it is told to. */
const programThatSays = async (words: string): Promise<string> => {
  const folder = await tempFolder()
  await writeFile(join(folder, 'git'), `#!/bin/sh\necho '${words}'\n`)
  await chmod(join(folder, 'git'), 0o755)
  return folder
}

describe('git itself', () => {
  it('that is missing is an error, and reported once for all checks that need it', async () => {
    const { ops } = await newStore()
    process.env.PATH = await tempFolder()
    const { findings, unchecked } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      { id: 'git-version', severity: 'error', message: expect.stringContaining('still kept') },
    ])
    expect(unchecked).toContain('missing-record')
    expect(unchecked).toContain('staged-deletion')
    const some = await doctorOps({ ops, checks: ['missing-record', 'staged-deletion'] })
    expect(some.findings).toMatchObject([
      { id: 'missing-record', message: expect.stringContaining('stopped staged-deletion') },
    ])
    process.env.PATH = path
    await expectHealthy(ops)
  })

  it.skipIf(process.platform === 'win32').each([
    ['git version 2.17.1', true],
    ['git version 2.30.0.windows.1', false],
    ['git version 3.0', false],
    ['git version 1.40', true],
  ])('that says "%s" is told where it is too old', async (words, isTooOld) => {
    const { ops } = await newStore()
    process.env.PATH = await programThatSays(words)
    const { findings } = await doctorOps({ ops, checks: ['git-version'] })
    expect(findings.map(({ severity }) => severity)).toEqual(isTooOld ? ['warning'] : [])
  })

  it('matters only where something is to be committed', async () => {
    const { repository } = await newStore()
    const off = await storeAt(repository.path, { strategy: noCommit() })
    const outside = await storeAt(await tempFolder())
    process.env.PATH = await tempFolder()
    const checks = ['git-version', 'no-identity', 'ignored-by-git']
    for (const ops of [off, outside]) {
      expect((await doctorOps({ ops, checks })).findings).toEqual([])
    }
  })

  it('without an identity is a warning', async () => {
    const { repository, ops } = await newStore()
    await repository.git('config', 'user.useConfigOnly', 'true')
    await repository.git('config', '--unset', 'user.email')
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'no-identity', severity: 'warning', fixable: false }])
    expect(findings[0]?.message).toContain('Set user.name and user.email')
    expect(findings[0]?.next).toEqual([{ verb: 'git-config-edit' }])
    await repository.git('config', 'user.email', 'ursula@example.org')
    await expectHealthy(ops)
  })
})

describe('a protected branch', () => {
  it('is reported under a strategy that guards it, before and after Ops are pending', async () => {
    const { repository } = await newStore()
    await repository.git('branch', '-m', 'main')
    const plain = await storeAt(repository.path, { strategy: noCommit() })
    const ops = await storeAt(repository.path, { strategy: safeCommitGuard(directGit()) })
    const before = await doctorOps({ ops })
    expect(before).toMatchObject({
      healthy: true,
      findings: [{ id: 'protected-branch', severity: 'info' }],
    })
    await closedOp(plain)
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'uncommitted', severity: 'warning', fixable: false }])
    expect(findings[0]?.message).toContain('`main` is protected')
    expect((await doctorOps({ ops, fix: true })).findings).toEqual(findings)
    await repository.git('switch', '--quiet', '--create', 'feature')
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('is not reported on a detached HEAD, and an invalid configuration is', async () => {
    const { repository } = await newStore()
    const ops = await storeAt(repository.path, { strategy: safeCommitGuard(directGit()) })
    const checks = ['protected-branch']
    await repository.write('.kittify/config.yaml', 'protection: {protected_branches: main}\n')
    expect((await doctorOps({ ops, checks })).findings[0]?.message).toContain(
      'must be a list of branch names',
    )
    await repository.git('checkout', '--quiet', '--detach')
    expect((await doctorOps({ ops, checks })).findings).toEqual([])
  })
})

describe('a rule by which git ignores records', () => {
  it('is named before anything is lost by it', async () => {
    const { repository, ops } = await newStore()
    await repository.write('.gitignore', 'dist\n*.jsonl\n')
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      { id: 'ignored-by-git', severity: 'warning', path: '.gitignore', fixable: false },
    ])
    expect(findings[0]?.message).toContain('new records because of "*.jsonl" in .gitignore, line 2')
    await repository.write('.gitignore', 'dist\n')
    await expectHealthy(ops)
  })

  it('is counted with the records that wait because of it', async () => {
    const { repository, ops } = await newStore()
    await beginRebase(repository)
    const op = await closedOp(ops)
    await repository.git('rebase', '--abort')
    await repository.write('.git/info/exclude', `${op.path}\n`)
    const { findings } = await doctorOps({ ops, checks: ['ignored-by-git'] })
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toContain('1 of the records on disk')
    await repository.write('.git/info/exclude', '')
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })
})

describe('the attributes of the records', () => {
  const file = 'kitty-ops/.gitattributes'

  it('are restored from git', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await rm(join(repository.path, file))
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'attributes', severity: 'warning', fixable: true }])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ message: `Would restore ${file} from git.` }])
    await doctorOps({ ops, fix: true })
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it('that git has nowhere come with the next Op', async () => {
    const { repository, ops } = await newStore(noCommit())
    await closedOp(ops)
    await repository.commit('By hand')
    const { healthy, findings } = await doctorOps({ ops, checks: ['attributes'] })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ id: 'attributes', severity: 'info', fixable: false }])
    const later = await storeAt(repository.path)
    await closedOp(later)
    const after = await doctorOps({ ops: later, checks: ['attributes'] })
    expect(after.findings).toEqual([])
  })

  it.each([
    [file, '*.jsonl text\n', 'text is set'],
    [file, '*.jsonl -text -filter\n', 'merge is unspecified for kitty-ops/ops-index.jsonl'],
    ['.git/info/attributes', '*.jsonl filter=lfs\n', 'filter is lfs'],
  ])('are a warning where %s says %j', async (where, text, words) => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await repository.write(where, text)
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'attributes', severity: 'warning', fixable: false }])
    expect(findings[0]?.message).toContain(words)
    expect(findings[0]?.message).toContain('ops-index.jsonl merge=union')
    await rm(join(repository.path, where))
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('need not be on disk in a sparse checkout', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops')
    expect((await doctorOps({ ops, checks: ['attributes'] })).findings).toEqual([])
  })
})
