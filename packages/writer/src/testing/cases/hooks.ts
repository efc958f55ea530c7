import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectCommitted } from '../expect.js'
import { prepareOp } from '../prepared-op.js'
import type { ScratchRepository } from '../scratch-repository.js'
import type { Scene, SuiteCase } from '../suite-case.js'

const HOOKS = [
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'reference-transaction',
  'post-index-change',
]

/** Installs hooks that write their name and fail. */
export const installHooks = async (repository: ScratchRepository): Promise<void> => {
  for (const name of HOOKS) {
    const script = `#!/bin/sh\necho ${name} >> .git/hooks-that-ran\nexit 1\n`
    await repository.write(`.git/hooks/${name}`, script)
    await chmod(join(repository.top, '.git/hooks', name), 0o755)
  }
}

const noHook = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await writeFile(join(repository.top, '.git', 'hooks-that-ran'), '')
  await installHooks(repository)
  const [result] = await strategy.commit(repository.top, [op.request])
  assert.equal(await repository.read('.git/hooks-that-ran'), '')
  await expectCommitted(repository, result)
}

/** Hooks run only for the user's own commits. */
export const hookCases: readonly SuiteCase[] = [
  { name: 'failing hooks neither run nor stop the commit', run: noHook },
]
