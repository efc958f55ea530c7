import { directGit } from '@kitty/git-commit'
import { newRepository, type Repository } from '@kitty/test-kit'
import type { CommitStrategy, Ops, OpsOptions, StartedOp, StartRequest } from '@kitty/writer'
import { openOps } from '@kitty/writer'

export const request: StartRequest = {
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does the build fail?',
  actor: 'claude',
}

/** A store in a folder, quick rather than durable. */
export const storeAt = (root: string, options: Partial<OpsOptions> = {}): Promise<Ops> =>
  openOps({ root, strategy: directGit(), durability: 'process', ...options })

export type Store = { readonly repository: Repository; readonly ops: Ops }

/** A repository with a store in it. */
export const newStore = async (
  strategy: CommitStrategy = directGit(),
  options: Partial<OpsOptions> = {},
): Promise<Store> => {
  const repository = await newRepository()
  return { repository, ops: await storeAt(repository.path, { strategy, ...options }) }
}

/** A repository with a store whose open and pending records git sees, so that `git add -A` takes them along. */
export const newVisibleStore = (): Promise<Store> => newStore(directGit(), { exclude: false })

/** Opens an Op and closes it. */
export const closedOp = async (ops: Ops): Promise<StartedOp> => {
  const op = await ops.start(request)
  await ops.complete(op.id, { outcome: 'done' })
  return op
}

/** Puts the repository in the middle of a rebase that stopped at a conflict. */
export const beginRebase = async (repository: Repository): Promise<void> => {
  await repository.git('checkout', '--quiet', '-b', 'theirs')
  await repository.write('conflict.txt', 'theirs\n')
  await repository.commit('Theirs')
  await repository.git('checkout', '--quiet', 'work')
  await repository.write('conflict.txt', 'ours\n')
  await repository.commit('Ours')
  await repository.tryGit('rebase', 'theirs')
}

/** Closes so many Ops while a rebase is in progress, and then ends the rebase. */
export const pendingOps = async (store: Store, count: number): Promise<readonly StartedOp[]> => {
  await beginRebase(store.repository)
  const ops = await Promise.all(Array.from({ length: count }, () => closedOp(store.ops)))
  await store.repository.git('rebase', '--abort')
  return ops
}

export const idsOf = (ops: readonly StartedOp[]): string[] => ops.map(({ id }) => id).sort()
