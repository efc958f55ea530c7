import { isAbsolute, relative, resolve, sep } from 'node:path'
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
export const pathBelow = (folder: string, path: string): string | undefined => {
  const way = relative(folder, path)
  const leaves = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
  return leaves ? undefined : way.split(sep).join('/')
}
