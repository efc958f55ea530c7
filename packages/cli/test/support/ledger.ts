import type { Repository } from '@kitty/test-kit'

/** The ref of the only ledger of this clone. */
export const ledgerRef = async ({ git }: Repository): Promise<string> => {
  const refs = await git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
  const [only, second] = refs.split('\n').filter((ref) => ref !== '')
  if (only === undefined || second !== undefined) throw new Error(`Not one ledger: ${refs}`)
  return only
}

/** The commit that the ledger of this clone points to. */
export const ledgerTip = async (repository: Repository): Promise<string> =>
  repository.git('rev-parse', await ledgerRef(repository))

/** The paths in the ledger of this clone. */
export const ledgerPaths = async (repository: Repository): Promise<readonly string[]> => {
  const ref = await ledgerRef(repository)
  const paths = await repository.git('ls-tree', '-r', '--name-only', ref)
  return paths.split('\n').filter((path) => path !== '')
}
