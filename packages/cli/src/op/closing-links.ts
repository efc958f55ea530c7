import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { KittyError } from '@kitty/record'

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i

/** A URL, or an empty text, which the store refuses: the current folder is not meant. */
const isNoPath = (reference: string): boolean => URL_LIKE.test(reference) || reference.trim() === ''

/** Resolves a path against the current folder, not against the root. Anything else is unchanged. */
export const located = (reference: string, cwd: string): string =>
  isNoPath(reference) ? reference : resolve(cwd, reference)

/** A value to record, and a warning about it, if any. */
export type Linked = { readonly value: string; readonly warning?: string }

/** Resolves an artifact. A missing file is only a warning: the Op can have deleted it. */
export const linkedArtifact = (typed: string, cwd: string): Linked => {
  const value = located(typed, cwd)
  if (isNoPath(typed) || existsSync(value)) return { value }
  return { value, warning: `The artifact ${value} does not exist.` }
}

const COMMIT_ID = /^[0-9a-f]{7,64}$/

const noCommit = (typed: string): KittyError =>
  new KittyError('CLOSING_INVALID', `--commit: unknown commit ${JSON.stringify(typed)}`, {
    hint: 'Nothing was written. Use a revision that git knows, or 7 to 64 hex digits.',
  })

/** Why git cannot look up commits, such as outside a repository or without git; `undefined` if it can. */
const troubleWithGit = async (root: string): Promise<KittyError | undefined> => {
  const { findHistory } = await import('@kitty/git-commit/inspect')
  return findHistory(root).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof KittyError) return error
      throw error
    },
  )
}

const notLookedUp = (typed: string, cause: KittyError): KittyError => {
  const message = `--commit: ${JSON.stringify(typed)} cannot be looked up. ${cause.message}`
  return new KittyError(cause.code, message, {
    hint: `Nothing was written. ${cause.hint}`,
    cause,
  })
}

const noWork = (typed: string): KittyError => {
  const message = `--commit: ${JSON.stringify(typed)} leads only to commits of Ops.`
  return new KittyError('CLOSING_INVALID', message, {
    hint: 'Nothing was written. Use the id of the commit.',
  })
}

/** An id always means the same commit. The meaning of a name changes: each close moves HEAD. */
const TYPED_ID = /^[0-9a-f]{4,64}$/i

/**
 * Resolves a revision to the full id of a commit. A name such as HEAD means its newest commit of work, not a commit
 * of an Op. An id that git does not know can belong to another clone, and is accepted with a warning. Throws
 * `CLOSING_INVALID` for anything else, and the error of git if git cannot look up a name.
 */
export const linkedCommit = async (typed: string, root: string): Promise<Linked> => {
  const { resolveRevision, workCommit } = await import('@kitty/git-commit/inspect')
  const id = await resolveRevision(root, typed).catch(() => undefined)
  if (id !== undefined) {
    const meant = TYPED_ID.test(typed) ? id : await workCommit(root, id)
    if (meant === undefined) throw noWork(typed)
    return { value: meant }
  }
  const value = typed.toLowerCase()
  const trouble = await troubleWithGit(root)
  if (!COMMIT_ID.test(value)) throw trouble ? notLookedUp(typed, trouble) : noCommit(typed)
  return trouble ? { value } : { value, warning: `git does not know the commit ${value} here.` }
}
