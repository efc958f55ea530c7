import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findWorkTree } from '../../src/project/git-dir.js'
import { hasReftable, headCommitInFiles } from '../../src/project/head-commit.js'

const readHead = async ({ path }: Repository): Promise<string | undefined> => {
  const tree = await findWorkTree(path)
  return tree && headCommitInFiles(tree)
}

describe('the commit at HEAD, without git', () => {
  it('is read from a loose and from a packed branch, also below a folder', async () => {
    const repository = await newRepository({ branch: 'feature/a' })
    const sha = await repository.head()
    expect(await readHead(repository)).toBe(sha)
    await repository.git('pack-refs', '--all')
    expect(await readHead(repository)).toBe(sha)
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'Newer than the packed one')
    expect(await readHead(repository)).toBe(await repository.head())
    // Git takes no older place either.
    await repository.write('.git/refs/heads/feature/a', '')
    expect(await readHead(repository)).toBeUndefined()
  })

  it('is read detached, unborn, in a linked work tree and with SHA-256', async () => {
    const repository = await newRepository({ objectFormat: 'sha256' })
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const linked = repositoryAt(path)
    await linked.git('commit', '--quiet', '--allow-empty', '-m', 'In the linked one')
    expect(await readHead(linked)).toBe(await linked.head())
    await linked.git('checkout', '--quiet', '--detach', 'HEAD^')
    expect(await readHead(linked)).toBe(await repository.head())
    expect(await readHead(repository)).toBe(await repository.head())
    expect(await readHead(await newRepository({ unborn: true }))).toBe('')
  })

  it('follows symbolic refs, as text and as links, but not in a circle', async () => {
    const repository = await newRepository()
    await repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/work')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias')
    expect(await readHead(repository)).toBe(await repository.head())
    await repository.git('symbolic-ref', 'refs/heads/work2', 'refs/heads/alias2')
    await repository.git('symbolic-ref', 'refs/heads/alias2', 'refs/heads/work2')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias2')
    expect(await readHead(repository)).toBeUndefined()
    if (process.platform === 'win32') return
    const linked = await newRepository()
    const head = join(linked.path, '.git', 'HEAD')
    await rm(head)
    await symlink('refs/heads/work', head)
    expect(await readHead(linked)).toBe(await linked.head())
    await linked.git('pack-refs', '--all')
    expect(await readHead(linked)).toBe(await linked.head())
  })

  it('is left to git in the reftable format, and unknown where a ref is garbled', async () => {
    const repository = await newRepository()
    expect(await hasReftable(repository.path)).toBe(false)
    await repository.write('.git/HEAD', 'ref: refs/heads/../../../elsewhere\n')
    await repository.write('elsewhere', `${await newRepository().then((other) => other.head())}\n`)
    expect(await readHead(repository)).toBeUndefined()
    await repository.write('.git/HEAD', 'ref: refs/heads/work\n')
    await repository.write('.git/refs/heads/work', 'nonsense\n')
    expect(await readHead(repository)).toBeUndefined()
    await repository.write('.git/reftable/tables.list', '')
    expect([await readHead(repository), await hasReftable(repository.path)]).toEqual([
      undefined,
      true,
    ])
    expect(await hasReftable(await tempFolder())).toBe(false)
  })
})
