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
    throw new KittyError('REFERENCE_INVALID', message, { hint: 'Use a plain path.', cause })
  }
}

/** Resolves a reference to an absolute path; a relative one is relative to the root. */
export const pathOf = (root: string, reference: string): string =>
  resolve(root, isFileUrl(reference) ? fromFileUrl(reference) : reference)

/** The path relative to a folder, with `/`; `undefined` if it is outside. Compares the text alone. */
export const relativeBelow = (folder: string, path: string): string | undefined => {
  const below = relative(folder, path)
  const leaves = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)
  return leaves ? undefined : below.split(sep).join('/')
}

/** The kind of an artifact, and where it is. */
type ArtifactRef = { readonly kind: string; readonly ref: string }

const EXTERNAL = ':external'

/** A Windows path, which other systems would take for a file name. */
const isWindowsPath = (reference: string): boolean => sep === '/' && /^[a-z]:[\\/]/i.test(reference)

/** A path with symbolic links resolved, as far as it exists. */
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
 * A reference to an artifact as it is recorded: a URL unchanged, a path inside the root relative to it with
 * `/`, and of any other path only the file name, with a kind that ends in `:external`. A repository must not
 * reveal the paths of a user's machine.
 */
export const artifactLink = (root: string, reference: string, kind: string): ArtifactRef => {
  if (isUrl(reference)) return { kind, ref: reference }
  const path = pathOf(root, reference)
  const inside = isWindowsPath(reference) ? undefined : relativeToRoot(root, path)
  if (inside !== undefined) return { kind, ref: inside === '' ? '.' : inside }
  const ref = isWindowsPath(reference) ? win32.basename(reference) : basename(path)
  return { kind: kind.endsWith(EXTERNAL) ? kind : `${kind}${EXTERNAL}`, ref }
}
