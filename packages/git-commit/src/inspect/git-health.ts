import { KittyError } from '@kitty/record'
import { runGit } from '../git/run-git.js'
import { gitVersion, isOlder } from '../git/version.js'

/** The oldest version of git that is supported. */
export const OLDEST_GIT = '2.30'

/** The state of the git that would be used. */
export type GitHealth =
  | { readonly state: 'missing' }
  | { readonly state: 'too-old' | 'fit'; readonly version: string }

/** Checks whether git can be started and is new enough. Throws KittyError `GIT_FAILED`. */
export const gitHealth = async (root: string): Promise<GitHealth> => {
  try {
    const version = await gitVersion(root)
    return { state: isOlder(version, OLDEST_GIT) ? 'too-old' : 'fit', version }
  } catch (error) {
    const isMissing = error instanceof KittyError && error.code === 'GIT_NOT_STARTED'
    if (isMissing) return { state: 'missing' }
    throw error
  }
}

/**
 * Returns git's own message if it would not commit here because a name or an email address is missing, else
 * `undefined`. Throws KittyError `GIT_NOT_STARTED`.
 */
export const identityError = async (root: string): Promise<string | undefined> => {
  const names = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']
  const answers = await Promise.all(names.map((name) => runGit(root, ['var', name])))
  const refused = answers.find(({ ok }) => !ok)
  // The first lines are advice; git's reason comes last.
  return refused && (refused.stderr.split('\n').at(-1) ?? '')
}
