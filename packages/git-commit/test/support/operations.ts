import type { Repository } from '@kitty/test-kit'
import { SOLVED } from './branches.js'

type Step = (repository: Repository) => Promise<unknown>

/** An operation that a user can be in the middle of: the result that is expected then, and every way to end it. */
export type Operation = {
  readonly answer: string
  readonly begin: Step
  readonly ends: Readonly<Record<string, Step>>
}

const runs =
  (...args: string[]): Step =>
  (repository) =>
    repository.git(...args)

const stopsAt =
  (...args: string[]): Step =>
  async (repository) => {
    const { exitCode } = await repository.tryGit(...args)
    if (exitCode === 0) throw new Error(`no conflict in: git ${args.join(' ')}`)
  }

const solved =
  (...args: string[]): Step =>
  async (repository) => {
    await repository.write('file.txt', SOLVED)
    await repository.git('add', 'file.txt')
    await repository.git(...args)
  }

const conflict = (answer: string, verb: string, ...args: string[]): Operation => ({
  answer,
  begin: stopsAt(verb, ...args),
  ends: { abort: runs(verb, '--abort'), continue: solved(verb, '--continue') },
})

const mail: Step = async (repository) => {
  const patch = await repository.git('format-patch', '--stdout', '-1', 'other')
  await stopsAt(
    'am',
    '--3way',
  )({
    ...repository,
    tryGit: (...args) => repository.gitWith({ input: `${patch}\n` }, ...args),
  })
}

const editing: Step = async (repository) => {
  const todo = process.platform === 'win32' ? 'sed -i s/^pick/edit/' : "perl -pi -e 's/^pick/edit/'"
  const env = { GIT_SEQUENCE_EDITOR: todo }
  await repository.gitWith({ env }, 'rebase', '--interactive', 'HEAD~2')
}

const goOn: Step = async (repository) => {
  await repository.git('rebase', '--continue')
  await repository.git('rebase', '--continue')
}

/** Every state for which the contract names the result. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'a merge with a conflict': {
    ...conflict('committed', 'merge', 'other'),
    ends: {
      abort: runs('merge', '--abort'),
      continue: solved('merge', '--continue'),
      'a plain commit': solved('commit', '--no-edit', '--quiet'),
      'reset --hard': runs('reset', '--hard', '--quiet'),
      quit: solved('merge', '--quit'),
    },
  },
  'a clean merge that is not committed': {
    answer: 'committed',
    begin: runs('merge', '--quiet', '--no-ff', '--no-commit', 'other~1'),
    ends: { abort: runs('merge', '--abort'), continue: runs('merge', '--continue') },
  },
  'a squashed merge': {
    answer: 'committed',
    begin: runs('merge', '--quiet', '--squash', 'other~1'),
    ends: { commit: runs('commit', '--quiet', '--no-edit') },
  },
  'a cherry-pick': {
    ...conflict('committed', 'cherry-pick', 'other'),
    ends: {
      ...conflict('', 'cherry-pick').ends,
      skip: runs('cherry-pick', '--skip'),
      'a plain commit': solved('commit', '--no-edit', '--quiet'),
    },
  },
  'a revert': conflict('committed', 'revert', '--no-edit', 'HEAD~2'),
  'a sequence of cherry-picks': conflict('sequence', 'cherry-pick', 'other~3..other'),
  'a sequence of reverts': conflict('sequence', 'revert', '--no-edit', 'HEAD~2', 'HEAD~1'),
  'a rebase stopped at an edit': {
    answer: 'rebase',
    begin: editing,
    ends: { abort: runs('rebase', '--abort'), continue: goOn, quit: runs('rebase', '--quit') },
  },
  'a rebase stopped on a conflict': conflict('rebase', 'rebase', '--onto', 'other', 'HEAD~1'),
  'a rebase with --apply': conflict('rebase', 'rebase', '--apply', '--onto', 'other', 'HEAD~1'),
  'git am': { ...conflict('am', 'am'), begin: mail },
  'a bisection': {
    answer: 'bisect',
    begin: runs('bisect', 'start', 'HEAD', 'HEAD~2'),
    ends: { reset: runs('bisect', 'reset') },
  },
  'a bisection that checks nothing out': {
    answer: 'bisect',
    begin: runs('bisect', 'start', '--no-checkout', 'HEAD', 'HEAD~2'),
    ends: { reset: runs('bisect', 'reset') },
  },
}
