import type { Repository } from '@kitty/test-kit'

export { withShim } from '@kitty/test-kit'

/** Runs a shell command when git is started with a command: every time, or the first time. */
export const when = (
  command: string,
  script: string,
  times: 'once' | 'always' = 'once',
): string => {
  const guard = times === 'once' ? 'mkdir "$once" 2>/dev/null && ' : ''
  return `case " $* " in *" ${command} "*) ${guard}{ ${script}; };; esac`
}

/**
 * Makes git move HEAD, because only git knows which reflogs this setting asks for. Otherwise this software moves it, and
 * no git command runs then.
 */
export const letGitMoveHead = (repository: Repository): Promise<string> =>
  repository.git('config', 'core.logAllRefUpdates', 'false')

/** Whether a script is one of `atTheSwap`. */
export const isAtTheSwap = (script: string): boolean => script.includes('*" update-ref "*')

/** Runs a shell command when the git that moves HEAD has got its input, before it acts on it. */
export const atTheSwap = (script: string, times: 'once' | 'always' = 'once'): string =>
  when('update-ref', `order=$(cat); ${script}; echo "$order" | real "$@"; exit $?`, times)

/** What `git switch --create` does, which does not lock the index. */
export const SWITCH = 'real branch new work; real symbolic-ref HEAD refs/heads/new'
