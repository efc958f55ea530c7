import type { ScratchRepository } from './scratch-repository.js'

/** A git operation that a user can be in the middle of. Both ways to end it return the content of `file.txt`. */
export type Operation = {
  readonly name: string
  begin(repository: ScratchRepository): Promise<void>
  abort(repository: ScratchRepository): Promise<string>
  /** Called after the conflict in `file.txt` was resolved and staged. */
  conclude?(repository: ScratchRepository): Promise<string>
}

export const SOLVED = 'solved\n'
const OURS = 'ours, later\n'

/** Makes conflicting changes to `file.txt` on `work` and `other`, in two commits each. */
export const prepareBranches = async (repository: ScratchRepository): Promise<void> => {
  await repository.write('file.txt', 'base\n')
  await repository.commit('Base')
  await repository.git('checkout', '--quiet', '-b', 'other')
  await repository.write('file.txt', 'theirs\n')
  await repository.commit('Theirs')
  await repository.write('more.txt', 'theirs\n')
  await repository.commit('Theirs, more')
  await repository.git('checkout', '--quiet', 'work')
  await repository.write('file.txt', 'ours\n')
  await repository.commit('Ours')
  await repository.write('file.txt', OURS)
  await repository.commit('Ours, later')
}

const stopsAt =
  (...args: string[]) =>
  async (repository: ScratchRepository): Promise<void> => {
    if (await repository.tryGit(...args)) throw new Error(`no conflict in: git ${args.join(' ')}`)
  }

const endsWith =
  (content: string, ...args: string[]) =>
  async (repository: ScratchRepository): Promise<string> => {
    await repository.git(...args)
    return content
  }

const stopping = (name: string, verb: string, ...args: string[]): Operation => ({
  name,
  begin: stopsAt(verb, ...args),
  abort: endsWith(OURS, verb, '--abort'),
  conclude: endsWith(SOLVED, verb, '--continue'),
})

const runs =
  (...args: string[]) =>
  async (repository: ScratchRepository): Promise<void> => {
    await repository.git(...args)
  }

const mail = async (repository: ScratchRepository): Promise<void> => {
  const patch = await repository.git('format-patch', '--stdout', '-1', 'other~1')
  await repository.write('.git/mail', patch)
  await stopsAt('am', '--3way', '.git/mail')(repository)
}

/** Every state of a repository in which a commit of an Op could disturb the user. */
export const OPERATIONS: readonly Operation[] = [
  stopping('a merge with a conflict', 'merge', 'other'),
  stopping('a cherry-pick with a conflict', 'cherry-pick', 'other~1'),
  stopping('a revert with a conflict', 'revert', '--no-edit', 'HEAD~1'),
  stopping('a sequence of cherry-picks', 'cherry-pick', 'other~2..other'),
  stopping('a rebase stopped on a conflict', 'rebase', '--onto', 'other', 'HEAD~1'),
  stopping('a rebase with --apply', 'rebase', '--apply', '--onto', 'other', 'HEAD~1'),
  {
    name: 'mail being applied',
    begin: mail,
    abort: endsWith(OURS, 'am', '--abort'),
    conclude: endsWith(SOLVED, 'am', '--continue'),
  },
  {
    name: 'a bisection',
    begin: runs('bisect', 'start', 'HEAD', 'HEAD~3'),
    abort: endsWith(OURS, 'bisect', 'reset'),
  },
  {
    name: 'a detached HEAD',
    begin: runs('checkout', '--quiet', '--detach', 'HEAD'),
    abort: endsWith(OURS, 'checkout', '--quiet', 'work'),
  },
]
