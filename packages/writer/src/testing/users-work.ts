import type { ScratchRepository } from './scratch-repository.js'

/** A user's unfinished work as reported by git, for a comparison of before and after. */
export type UsersWork = Readonly<Record<string, string>>

/** Reads the branch, the index entries, and all staged, unstaged, untracked and stashed work, except some paths. */
export const usersWork = async (
  repository: ScratchRepository,
  except: readonly string[],
): Promise<UsersWork> => {
  const paths = ['--', ':/', ...except.map((path) => `:(top,exclude,literal)${path}`)]
  const commands = {
    branch: ['rev-parse', '--symbolic-full-name', 'HEAD'],
    index: ['ls-files', '--stage', '-v', ...paths],
    staged: ['diff', '--cached', '--binary', ...paths],
    unstaged: ['diff', '--binary', ...paths],
    status: ['status', '--porcelain', '--untracked-files=all', ...paths],
    stashes: ['stash', 'list', '--format=%H %gs'],
  }
  const outputs = Object.entries(commands).map(
    async ([name, args]) => [name, await repository.git(...args)] as const,
  )
  return Object.fromEntries(await Promise.all(outputs))
}

/** Creates one of every kind of unfinished work that a user can have. */
export const leaveWork = async (repository: ScratchRepository): Promise<void> => {
  for (const name of ['partly', 'unstaged', 'deleted', 'assumed', 'skipped', 'stashed']) {
    await repository.write(`${name}.txt`, 'first\n')
  }
  await repository.commit('Files to work on')
  await repository.write('stashed.txt', 'put away\n')
  await repository.git('stash', '--quiet')
  await repository.write('partly.txt', 'staged\n')
  await repository.write('staged.txt', 'staged\n')
  await repository.git('add', 'partly.txt', 'staged.txt')
  await repository.write('partly.txt', 'staged\nnot staged\n')
  await repository.write('unstaged.txt', 'changed\n')
  await repository.git('rm', '--quiet', '--cached', 'deleted.txt')
  await repository.write('intended.txt', 'not yet\n')
  await repository.git('add', '--intent-to-add', 'intended.txt')
  await repository.git('update-index', '--assume-unchanged', 'assumed.txt')
  await repository.git('update-index', '--skip-worktree', 'skipped.txt')
  await repository.write('untracked.txt', 'unknown\n')
  await repository.write('kitty-ops/lifecycle.jsonl', '{}\n')
}
