import { newRepository, type Repository } from '@kitty/test-kit'

export const SOLVED = 'solved\n'

/** `work` and `other` change `file.txt` in conflicting ways, and `other` also adds files. */
export const withBranches = async (): Promise<Repository> => {
  const repository = await newRepository({
    files: { 'file.txt': 'base\n', 'half.txt': 'a\n\n\nb\n' },
  })
  await repository.git('checkout', '--quiet', '-b', 'other')
  for (const name of ['one', 'two']) {
    await repository.write(`${name}.txt`, `${name}\n`)
    await repository.commit(`Add ${name}`)
  }
  await repository.write('file.txt', 'theirs\n')
  await repository.commit('Theirs')
  await repository.git('checkout', '--quiet', 'work')
  for (const [name, text] of [
    ['file', 'ours'],
    ['mine', 'mine'],
    ['file', 'ours, later'],
  ]) {
    await repository.write(`${name}.txt`, `${text}\n`)
    await repository.commit(`Say ${text}`)
  }
  return repository
}

/** Unfinished work of the user: half of a file staged, an untracked file. */
export const leaveWork = async (repository: Repository): Promise<void> => {
  await repository.write('half.txt', 'A\n\n\nb\n')
  await repository.git('add', 'half.txt')
  await repository.write('half.txt', 'A\n\n\nB\n')
  await repository.write('untracked.txt', 'mine\n')
}
