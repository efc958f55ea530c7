import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Makes the ledger leave its ref to git, as in a repository in the reftable format. Git ignores the folder. */
export const leaveRefsToGit = async ({ path }: Repository): Promise<void> => {
  await mkdir(join(path, '.git', 'reftable'))
}

/** The writer of a repository that has a ledger. */
export const writerOf = async (repository: Repository): Promise<string> =>
  (await repository.read('.git/kitty/writer')).trim()

/** The file of an object that is in none of git's packs. */
export const objectPath = ({ path }: Repository, id: string): string =>
  join(path, '.git', 'objects', id.slice(0, 2), id.slice(2))

/** Removes an object, by its id or its name. */
export const loseObject = async (repository: Repository, name: string): Promise<void> =>
  rm(objectPath(repository, await repository.git('rev-parse', name)))

/** Makes an object empty, as a power loss does. */
export const emptyObject = async (repository: Repository, name: string): Promise<void> => {
  const path = objectPath(repository, await repository.git('rev-parse', name))
  await rm(path)
  await writeFile(path, '')
}

/** The path of the record of an Op in a ledger. */
export const pathInLedger = async (
  { git }: Repository,
  ref: string,
  id: string,
): Promise<string> => {
  const paths = (await git('ls-tree', '-r', '--full-tree', '--name-only', ref)).split('\n')
  const found = paths.find((path) => path.endsWith(`/${id}.jsonl`))
  if (found === undefined) throw new Error(`${ref} does not hold ${id}.`)
  return found
}
