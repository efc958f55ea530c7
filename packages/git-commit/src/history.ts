import { runGit } from './git.js'

/**
 * The newest commit reachable from HEAD that changed a path (relative to `top`, with `/`), or
 * undefined when there is none or git cannot say.
 */
export const lastCommitOf = async (top: string, path: string): Promise<string | undefined> => {
  const answer = await runGit(top, ['log', '-1', '--format=%H', 'HEAD', '--', path])
  const sha = answer.stdout.toString().trim()
  return answer.ok && sha !== '' ? sha : undefined
}
