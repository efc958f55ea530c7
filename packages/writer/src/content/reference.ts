import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep, win32 } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KittyError } from '@kitty/record'

/** True for a reference that is a URL; `file:` URLs count as paths. */
export const isUrl = (reference: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(reference) && !isFileUrl(reference)

const isFileUrl = (reference: string): boolean => /^file:/i.test(reference)

const fromFileUrl = (url: string): string => {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    const message = `Not a path on this machine: ${JSON.stringify(url)}`
    throw new KittyError('REFERENCE_INVALID', message, { hint: 'Give a plain path.', cause })
  }
}

/** The absolute path a reference means; a relative one is relative to the root. */
export const pathOf = (root: string, reference: string): string =>
  resolve(root, isFileUrl(reference) ? fromFileUrl(reference) : reference)

/** The path below a folder, with `/`; `undefined` for a path that leaves it. Looks at the text alone. */
export const relativeBelow = (folder: string, path: string): string | undefined => {
  const way = relative(folder, path)
  const leaves = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
  return leaves ? undefined : way.split(sep).join('/')
}

/** What an artifact link says: what kind of thing was made, and where it is. */
type ArtifactRef = { readonly kind: string; readonly ref: string }

const EXTERNAL = ':external'

/** A path of Windows, which elsewhere would pass for a file name. */
const isWindowsPath = (reference: string): boolean => sep === '/' && /^[a-z]:[\\/]/i.test(reference)

/** A path with the links in it resolved as far as it exists. */
const realpathOfNearest = (path: string): string => {
  try {
    return realpathSync.native(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realpathOfNearest(parent), basename(path))
  }
}

const relativeToRoot = (root: string, path: string): string | undefined =>
  relativeBelow(root, path) ?? relativeBelow(realpathOfNearest(root), realpathOfNearest(path))

/**
 * A reference to an artifact as it may be recorded: a URL as it is, a path inside the root relative to
 * it with `/`; of any other path only the file name, and the kind then ends in `:external`, because
 * where things lie on somebody's machine is nobody's business in a repository.
 */
export const artifactLink = (root: string, reference: string, kind: string): ArtifactRef => {
  if (isUrl(reference)) return { kind, ref: reference }
  const path = pathOf(root, reference)
  const inside = isWindowsPath(reference) ? undefined : relativeToRoot(root, path)
  if (inside !== undefined) return { kind, ref: inside === '' ? '.' : inside }
  const ref = isWindowsPath(reference) ? win32.basename(reference) : basename(path)
  return { kind: kind.endsWith(EXTERNAL) ? kind : `${kind}${EXTERNAL}`, ref }
}
