import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { KittyError } from '@kitty/record'

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i

/** A path is meant from where the person stands, not from the root. */
export const located = (reference: string, cwd: string): string =>
  URL_LIKE.test(reference) ? reference : resolve(cwd, reference)

/** A value as it is recorded, and what the person should know of it. */
export type Linked = { readonly value: string; readonly warning?: string }

/** An artifact may also have been deleted; mostly its name was mistyped. */
export const linkedArtifact = (typed: string, cwd: string): Linked => {
  const value = located(typed, cwd)
  if (value === typed && URL_LIKE.test(typed)) return { value }
  return existsSync(value) ? { value } : { value, warning: `There is no artifact ${value}` }
}

const COMMIT_ID = /^[0-9a-f]{7,64}$/

const noCommit = (typed: string): KittyError =>
  new KittyError('CLOSING_INVALID', `--commit: there is no commit ${JSON.stringify(typed)} here.`, {
    hint: 'The Op is still open. Give a revision that git knows, or 7 to 64 hex digits.',
  })

/** Outside a repository, and where git cannot be started, nobody can know any commit. */
const isInGit = async (root: string): Promise<boolean> => {
  const { findHistory } = await import('@kitty/git-commit')
  return findHistory(root).then(
    () => true,
    () => false,
  )
}

const noWork = (typed: string): KittyError => {
  const message = `--commit: behind ${JSON.stringify(typed)} there are only commits of Ops.`
  return new KittyError('CLOSING_INVALID', message, {
    hint: 'The Op is still open. Give the id of the commit that you mean.',
  })
}

/** An id says which commit is meant. What a name means changes: each close moves HEAD. */
const TYPED_ID = /^[0-9a-f]{4,64}$/i

/**
 * The full id of the commit that somebody means by a revision. A name such as HEAD stands for the newest
 * commit of work there, not for that of an Op. An id that git does not know here may be one of another
 * clone, and is taken with a warning. Throws `CLOSING_INVALID` for anything else.
 */
export const linkedCommit = async (typed: string, root: string): Promise<Linked> => {
  const { resolveRevision, workCommit } = await import('@kitty/git-commit')
  const id = await resolveRevision(root, typed).catch(() => undefined)
  if (id !== undefined) {
    const meant = TYPED_ID.test(typed) ? id : await workCommit(root, id)
    if (meant === undefined) throw noWork(typed)
    return { value: meant }
  }
  const value = typed.toLowerCase()
  if (!COMMIT_ID.test(value)) throw noCommit(typed)
  return (await isInGit(root))
    ? { value, warning: `git knows no commit ${value} here.` }
    : { value }
}
