import {
  chmod,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { prepareIndexUpdate, renameOver } from '../../src/transaction/index-file.js'
import { expectCommitted } from '../support/expect-committed.js'
import { closeOne, storeAt } from '../support/ops.js'
import { asOrdinaryUser } from '../support/ordinary-user.js'
import { opRequest } from '../support/requests.js'

describe('the change of the index', () => {
  it('is not held up by a draft that cannot be removed', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await mkdir(join(repository.path, '.git', 'kitty', 'index', 'copy.1', 'not a file'), {
      recursive: true,
    })
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await readdir(join(repository.path, '.git'))).not.toContain('index.lock')
  })

  it('leaves a draft that cannot be removed afterwards', async () => {
    const repository = await newRepository()
    const gitDir = join(repository.path, '.git')
    await mkdir(join(gitDir, 'kitty', 'index'), { recursive: true })
    const copyTo = async (copy: string) => {
      await rm(copy)
      await mkdir(copy)
      return undefined
    }
    const update = await prepareIndexUpdate({ gitDir, durability: 'process' }, { change: copyTo })
    if (!update.ok) throw new Error('no update')
    update.value.dispose()
    expect(await readdir(join(gitDir, 'kitty', 'index'))).toHaveLength(1)
  })

  it.skipIf(process.platform === 'win32').each(['4', '2'])(
    'replaces what a symbolic link leads to, under the lock there, in version %s',
    async (version) => {
      const repository = await newRepository()
      await repository.git('update-index', '--index-version', version)
      const [index, elsewhere] = ['.git/index', 'elsewhere'].map((p) => join(repository.path, p))
      await rename(index ?? '', elsewhere ?? '')
      await symlink(elsewhere ?? '', index ?? '')
      const ops = await storeAt(repository)
      await writeFile(`${elsewhere}.lock`, '')
      expect((await closeOne(ops)).commit).toMatchObject({ reason: 'index-locked' })
      await rm(`${elsewhere}.lock`)
      await expectCommitted(repository, ops, await closeOne(ops))
      expect(await readlink(index ?? '')).toBe(elsewhere)
      expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
    },
  )

  it.skipIf(process.platform === 'win32')(
    'is possible for everyone who shares the repository',
    async () => {
      const repository = await newRepository()
      const gitDir = join(repository.path, '.git')
      await repository.git('config', 'core.sharedRepository', '0666')
      const [result] = await directGit().commit(repository.path, [await opRequest(repository)])
      expect(result?.status).toBe('committed')
      for (const folder of ['kitty', 'kitty/index']) {
        const { mode } = await stat(join(gitDir, folder))
        expect((mode & 0o7777).toString(8)).toBe('2777')
      }
    },
  )
})

describe.skipIf(process.platform === 'win32')('a file that cannot be replaced', () => {
  const replace = async (folder: string, meanwhile: () => Promise<unknown>): Promise<void> => {
    await writeFile(join(folder, 'new'), 'new')
    await chmod(folder, 0o555)
    // The first attempt has failed by the time this returns.
    const replaced = renameOver(join(folder, 'new'), join(folder, 'old'))
    await meanwhile()
    await replaced.finally(() => chmod(folder, 0o755))
  }

  it('for a moment, is replaced afterwards', async () => {
    const folder = await tempFolder()
    await asOrdinaryUser(folder, () => replace(folder, () => chmod(folder, 0o755)))
    expect(await readdir(folder)).toEqual(['old'])
  })

  it('at all, is left unchanged, with an error', async () => {
    const folder = await tempFolder()
    const replaced = asOrdinaryUser(folder, () => replace(folder, async () => undefined))
    await expect(replaced).rejects.toMatchObject({ code: 'EACCES' })
    expect(await readdir(folder)).toEqual(['new'])
  })
})
