import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId } from '@kitty/record'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { excludePattern, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import {
  editIndex,
  findIgnoreRules,
  findNegatedRules,
  gitHealth,
  identityError,
  indexEntries,
  opIdsOfCommit,
  readCheckedOut,
  readGitAttributes,
  recordHistory,
  stagedFiles,
} from '../../src/inspect.js'
import { when, withShim } from '../support/git-shim.js'
import { projectBelowTop } from '../support/project-below-top.js'

const id = newOpId()
const PATH = recordPath(id)
const project = () => projectBelowTop(id)

describe('outside git', () => {
  it('queries return nothing, and edits change nothing', async () => {
    const root = await tempFolder()
    expect(await indexEntries(root)).toBeUndefined()
    expect(await stagedFiles(root)).toBeUndefined()
    expect(await readGitAttributes(root, [PATH], ['text'])).toBeUndefined()
    expect(await findIgnoreRules(root, [PATH])).toEqual(new Map())
    expect(await recordHistory(root)).toEqual([])
    expect(await opIdsOfCommit(root, 'HEAD')).toEqual([])
    await editIndex(root, [{ kind: 'set', path: PATH, blob: '0' }])
  })
})

describe('the index', () => {
  it('is listed with paths from the project root', async () => {
    const { root, blob } = await project()
    expect(await indexEntries(root)).toEqual([
      { path: PATH, blob, conflict: false, skipWorktree: false },
    ])
  })

  it('is listed with what a merge left in conflict', async () => {
    const { repository, root } = await project()
    await repository.git('checkout', '--quiet', '-b', 'other')
    await repository.write(`a b/${PATH}`, 'theirs\n')
    await repository.commit('Theirs')
    await repository.git('checkout', '--quiet', 'work')
    await repository.write(`a b/${PATH}`, 'ours\n')
    await repository.commit('Ours')
    await repository.tryGit('merge', 'other')
    const files = await indexEntries(root)
    expect(files?.map(({ path, conflict }) => [path, conflict])).toEqual(
      Array.from({ length: 3 }, () => [PATH, true]),
    )
  })

  it('is compared with HEAD, without what a merge left in conflict', async () => {
    const { repository, root, blob } = await project()
    expect(await stagedFiles(root)).toEqual([])
    const other = recordPath(newOpId())
    await repository.write(`a b/${other}`, 'new\n')
    await repository.write('beside.txt', 'x\n')
    await repository.git('add', '--all')
    const after = await repository.git('rev-parse', `:a b/${other}`)
    const added = { path: other, before: undefined, after }
    expect(await stagedFiles(root)).toEqual([added])
    const one = await repository.git('rev-parse', ':beside.txt')
    await repository.git('update-index', '--cacheinfo', `100644,${one},a b/${PATH}`)
    expect(await stagedFiles(root)).toContainEqual({ path: PATH, before: blob, after: one })
    await repository.git('rm', '--quiet', '-f', '--cached', `a b/${PATH}`)
    expect(await stagedFiles(root)).toContainEqual({ path: PATH, before: blob, after: undefined })
    const stages = [1, 2, 3].map((stage) => `100644 ${one} ${stage}\ta b/${PATH}\n`).join('')
    await repository.gitWith({ input: stages }, 'update-index', '--index-info')
    expect(await stagedFiles(root)).toEqual([added])
  })

  it('is compared with nothing on an unborn branch', async () => {
    const repository = await newRepository({ unborn: true })
    await repository.write(PATH, 'x\n')
    await repository.git('add', '--all')
    const after = await repository.git('rev-parse', `:${PATH}`)
    expect(await stagedFiles(repository.path)).toEqual([{ path: PATH, before: undefined, after }])
  })

  it('is changed in these entries only, and no file is changed', async () => {
    const { repository, root, blob } = await project()
    const before = await repository.stagedState()
    await editIndex(root, [{ kind: 'remove', path: PATH, blob }])
    expect(await indexEntries(root)).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([`D  "a b/${PATH}"`, `?? "a b/${PATH}"`])
    await editIndex(root, [{ kind: 'set', path: PATH, blob }])
    expect(await repository.stagedState()).toEqual(before)
  })

  it('that another process holds is left alone', async () => {
    const { repository, root, blob } = await project()
    await repository.write('.git/index.lock', '')
    await expect(editIndex(root, [{ kind: 'set', path: PATH, blob }])).rejects.toMatchObject({
      code: 'INDEX_LOCKED',
      message: expect.stringContaining('index.lock'),
      hint: expect.stringContaining('another git'),
    })
  })

  it.skipIf(process.platform === 'win32')('is changed under our own lock', async () => {
    const { repository, root, blob } = await project()
    const before = await repository.stagedState()
    // Git's own lock is empty at first, and is not there yet when git starts.
    const script = when(
      'update-index',
      `test -s ${join(repository.path, '.git/index.lock')} || exit 1`,
    )
    await withShim(script, () => editIndex(root, [{ kind: 'remove', path: PATH, blob }]))
    expect(await indexEntries(root)).toEqual([])
    const refusing = when('update-index', 'exit 1')
    const failed = withShim(refusing, () => editIndex(root, [{ kind: 'set', path: PATH, blob }]))
    await expect(failed).rejects.toMatchObject({ code: 'GIT_FAILED' })
    await editIndex(root, [{ kind: 'set', path: PATH, blob }])
    expect(await repository.stagedState()).toEqual(before)
  })
})

describe('the Op of a commit', () => {
  it('is read from its trailer', async () => {
    const { repository, root } = await project()
    const message = `op(p): a [${id.slice(0, 8)}]\n\nOp-Id: ${id}\nOp-Outcome: done\n`
    expect(await opIdsOfCommit(root, await repository.commit(message))).toEqual([id])
    expect(await opIdsOfCommit(root, await repository.commit('Something else'))).toEqual([])
    expect(await opIdsOfCommit(root, '0'.repeat(40))).toEqual([])
  })
})

describe('the installed git', () => {
  it('is fit, and has an identity', async () => {
    const { repository, root } = await project()
    expect(await gitHealth(root)).toMatchObject({ state: 'fit', version: expect.any(String) })
    expect(await identityError(root)).toBeUndefined()
    await repository.git('config', 'user.useConfigOnly', 'true')
    await repository.git('config', '--unset', 'user.email')
    expect(await identityError(root)).toContain('email')
  })

  it.skipIf(process.platform === 'win32').each([
    ['git version 2.29.3', 'too-old', '2.29.3'],
    ['git version 2.30.0', 'fit', '2.30.0'],
    ['git version 3.0.1 (Apple Git-1)', 'fit', '3.0.1'],
    ['git version unknown', 'too-old', '0'],
  ])('is judged by the version that it prints: %s is %s', async (words, state, version) => {
    const { root } = await project()
    const shim = when('version', `echo '${words}'; exit 0`, 'always')
    expect(await withShim(shim, () => gitHealth(root))).toEqual({ state, version })
  })

  it.skipIf(process.platform === 'win32')(
    'is not called missing because it cannot print its version',
    async () => {
      const { root } = await project()
      const shim = when('version', 'echo broken >&2; exit 1', 'always')
      await expect(withShim(shim, () => gitHealth(root))).rejects.toMatchObject({
        code: 'GIT_FAILED',
        message: expect.stringContaining('broken'),
      })
    },
  )

  it('lists what it ignores, or says why it cannot', async () => {
    const { repository, root } = await project()
    await repository.write('.gitignore', '*.jsonl\n')
    const other = recordPath(newOpId())
    expect(await findIgnoreRules(root, [PATH, other])).toEqual(
      new Map([[other, { source: '.gitignore', line: 1, pattern: '*.jsonl' }]]),
    )
    await repository.write('.git/index', 'rubbish')
    await expect(findIgnoreRules(root, [other])).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })

  it('does not count our own lines among what it ignores', async () => {
    const repository = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    const ours = `/${PATH}`
    const exclude = join(repository.path, '.git', 'info', 'exclude')
    await mkdir(dirname(exclude), { recursive: true })
    for (const top of [repository.path, linked]) {
      const rulesFor = async (text: string) => {
        await writeFile(exclude, text)
        return (await findIgnoreRules(top, [PATH])).get(PATH)
      }
      expect(await rulesFor(`${ours}\n`)).toBeUndefined()
      expect(await rulesFor(`${ours}\r\n`)).toBeUndefined()
      expect(await rulesFor(`*.jsonl\n${ours}\n`)).toMatchObject({ line: 1, pattern: '*.jsonl' })
      expect(await rulesFor(`${ours}\n/kitty-ops/\n`)).toMatchObject({ pattern: '/kitty-ops/' })
      expect(await rulesFor(`*.jsonl\n!*.jsonl\n${ours}\n`)).toBeUndefined()
      await writeFile(exclude, `${ours}\n`)
      await writeFile(join(top, '.gitignore'), `${ours}\n`)
      // The user's own rule, although it reads the same.
      expect((await findIgnoreRules(top, [PATH])).get(PATH)).toMatchObject({ source: '.gitignore' })
      await writeFile(join(top, '.gitignore'), '!*.jsonl\n')
      expect(await findIgnoreRules(top, [PATH])).toEqual(new Map())
      expect((await findNegatedRules(top, [PATH])).get(PATH)).toEqual({
        source: '.gitignore',
        line: 1,
        pattern: '!*.jsonl',
      })
    }
    const below = join(repository.path, 'odd [folder]*')
    await mkdir(below)
    await rm(join(repository.path, '.gitignore'))
    await writeFile(exclude, `${excludePattern('odd [folder]*', id)}\n`)
    expect(await repository.git('check-ignore', `./odd [folder]*/${PATH}`)).not.toBe('')
    expect(await findIgnoreRules(below, [PATH])).toEqual(new Map())
  })

  it('lists the attributes that it applies', async () => {
    const { repository, root } = await project()
    await repository.write('.gitattributes', '*.jsonl -text merge=union\n')
    const found = await readGitAttributes(root, [PATH], ['text', 'merge', 'filter'])
    expect([...(found?.get(PATH) ?? [])]).toEqual([
      ['text', 'unset'],
      ['merge', 'union'],
      ['filter', 'unspecified'],
    ])
  })
})

describe('what is checked out', () => {
  it('is a branch or a detached HEAD, and the operation in progress', async () => {
    const { repository, root } = await project()
    expect(await readCheckedOut(root)).toEqual({ branch: 'work' })
    await repository.git('bisect', 'start')
    expect(await readCheckedOut(root)).toMatchObject({
      branch: 'work',
      operation: { reason: 'bisect' },
    })
    await repository.git('bisect', 'reset')
    await repository.git('checkout', '--quiet', '--detach')
    expect(await readCheckedOut(root)).toEqual({ branch: undefined })
    expect(await readCheckedOut(await tempFolder())).toBeUndefined()
  })
})
