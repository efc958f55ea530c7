import { runGit } from '../git/run-git.js'

/** What git has as `user.name` for a folder; undefined where it has none, or cannot be started. */
export const userName = async (folder: string): Promise<string | undefined> => {
  const answer = await runGit(folder, ['config', '--get', 'user.name']).catch(() => undefined)
  const name = answer?.ok === true ? answer.stdout.toString().trim() : ''
  return name === '' ? undefined : name
}
