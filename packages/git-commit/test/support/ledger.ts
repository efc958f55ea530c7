import type { Repository } from '@kitty/test-kit'
import type { OpsOptions } from '@kitty/writer'
import { expect } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { withLedger } from '../../src/ledger/with-ledger.js'
import { openIn } from './store.js'

/** A store that commits with git and keeps a ledger. */
export const openWithLedger = (root: string, options: Partial<OpsOptions> = {}) =>
  openIn(root, { strategy: withLedger(directGit()), ...options })

/** The refs of the ledgers of a repository. */
export const ledgerRefs = async ({ git }: Repository): Promise<readonly string[]> =>
  (await git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')).split('\n').filter(Boolean)

/** The ref of the only ledger. */
export const onlyLedger = async (repository: Repository): Promise<string> => {
  const [ref = '', ...others] = await ledgerRefs(repository)
  expect(others).toEqual([])
  return ref
}

/** The paths in the only ledger, sorted. */
export const ledgerPaths = async (repository: Repository): Promise<readonly string[]> => {
  const ref = await onlyLedger(repository)
  const { exitCode, stdout } = await repository.tryGit(
    'ls-tree',
    '-r',
    '--full-tree',
    '--name-only',
    ref,
  )
  expect(exitCode).toBe(0)
  return stdout.split('\n').filter(Boolean)
}

/** The ids of the Ops in the only ledger, sorted. */
export const opsInLedger = async (repository: Repository): Promise<readonly string[]> =>
  (await ledgerPaths(repository))
    .flatMap((path) => /\/(\w{26})\.jsonl$/.exec(path)?.[1] ?? [])
    .sort()
