import { runGit } from '../git/run-git.js'

/** Returns git's `user.name` for a folder, or `undefined` if it is not set or git cannot be started. */
export const userName = async (folder: string): Promise<string | undefined> => {
  const answer = await runGit(folder, ['config', '--get', 'user.name']).catch(() => undefined)
  const name = answer?.ok === true ? answer.stdout.toString().trim() : ''
  return name === '' ? undefined : name
}
