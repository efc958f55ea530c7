import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { findUnreachableHistory, recordHistory } from '../../src/inspect.js'
import { projectBelowTop } from '../support/project-below-top.js'

const id = newOpId()
const PATH = recordPath(id)
const project = () => projectBelowTop(id)

describe('the history of records', () => {
  it('returns each version and deletion, oldest first', async () => {
    const { repository, root, blob } = await project()
    const first = await repository.head()
    await rm(join(root, PATH))
    await repository.write(`a b/${archivedPath(id)}`, closedRecordText({ id }))
    const second = await repository.commit('Archived')
    const versions = await recordHistory(root)
    const at = 1000 * Number(await repository.git('log', '-1', '--format=%ct'))
    expect(versions[0]).toEqual({ sha: first, at: expect.any(Number), path: PATH, blob })
    expect(versions.slice(1).toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { sha: second, at, path: PATH, blob: undefined },
      { sha: second, at, path: archivedPath(id), blob: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ])
  })

  it('returns what a merge itself changed, whatever the user has set for git log', async () => {
    const repository = await newRepository({ unborn: true })
    await repository.write(PATH, 'first\n')
    const first = await repository.commit('First')
    await repository.git('checkout', '--quiet', '-b', 'side')
    await repository.commit('Side')
    await repository.git('checkout', '--quiet', 'work')
    await repository.commit('Work')
    await repository.git('merge', '--quiet', '--no-commit', '--no-ff', 'side')
    await repository.write(PATH, 'merged\n')
    const merge = await repository.commit('Evil')
    const blobs = [`${first}:${PATH}`, `${merge}:${PATH}`].map((name) =>
      repository.git('rev-parse', name),
    )
    const settings = {
      'log.showRoot': 'false',
      'log.diffMerges': 'off',
      'log.follow': 'true',
      'diff.orderFile': 'no-such-file',
      'diff.relative': 'true',
      'diff.renames': 'copies',
    }
    for (const [name, value] of Object.entries(settings))
      await repository.git('config', name, value)
    const versions = await recordHistory(repository.path)
    expect(versions.map(({ sha }) => sha)).toEqual([first, merge])
    expect(versions.map(({ blob }) => blob)).toEqual(await Promise.all(blobs))
  })

  it('is an error if it cannot be read', async () => {
    const { repository, root } = await project()
    const head = await repository.head()
    await rm(join(repository.path, '.git/objects', head.slice(0, 2), head.slice(2)))
    await expect(recordHistory(root)).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })
})

describe('the history that no branch leads to', () => {
  it('is found in the reflog, with paths from the project root', async () => {
    const { repository, root } = await project()
    expect(await findUnreachableHistory(root)).toEqual([])
    const other = recordPath(newOpId())
    await repository.write(`a b/${other}`, closedRecordText({ id }))
    const sha = await repository.commit('Another Op')
    const blob = await repository.git('rev-parse', `HEAD:a b/${other}`)
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    const version = { sha, at: expect.any(Number), path: other, blob }
    expect(await findUnreachableHistory(root)).toEqual([version])
    await repository.git('tag', 'kept', sha)
    expect(await findUnreachableHistory(root)).toEqual([])
  })

  it('is found on an unborn branch after its only branch was deleted', async () => {
    const { repository, root, blob } = await project()
    const sha = await repository.head()
    await repository.git('checkout', '--quiet', '--detach')
    await repository.git('branch', '--quiet', '-D', 'work')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/fresh')
    const version = { sha, at: expect.any(Number), path: PATH, blob }
    expect(await findUnreachableHistory(root)).toEqual([version])
  })

  it('is empty outside git', async () => {
    expect(await findUnreachableHistory(await tempFolder())).toEqual([])
  })
})
