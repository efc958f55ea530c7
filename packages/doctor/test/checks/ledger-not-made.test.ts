import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, withLedger } from '@kitty/git-commit'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { closedOp, storeAt } from '../support/store.js'

it('a run without --fix makes no ledger and no writer', async () => {
  const repository = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
  const gitDir = await repositoryAt(linked).git('rev-parse', '--absolute-git-dir')
  await mkdir(join(gitDir, 'rebase-merge'))
  const { id } = await closedOp(await storeAt(linked))
  await rm(join(gitDir, 'rebase-merge'), { recursive: true })
  await repository.git('worktree', 'remove', '--force', linked)
  const ops = await storeAt(repository.path, { strategy: withLedger(directGit()) })
  const { findings } = await doctorOps({ ops })
  expect(findings).toMatchObject([{ id: 'gone-work-tree', invocation_id: id, fixable: true }])
  expect(existsSync(join(repository.path, '.git/kitty/writer'))).toBe(false)
})
