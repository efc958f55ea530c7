import { basename, join, relative } from 'node:path'

/** A work tree, and the project root in it if that is not its top. */
type WorkTree = {
  readonly path?: string
  readonly root?: string
  readonly status: 'present' | 'unreachable' | 'gone'
}

const STATE = { present: '', unreachable: ' (out of reach)', gone: ' (gone)' } as const

const UNKNOWN = 'an unknown folder'

/** The path of a work tree, or of the project root in it, and whether it is here. */
export const workTreeText = ({ path, root, status }: WorkTree): string =>
  `${root ?? path ?? UNKNOWN}${STATE[status]}`

/** The same with the name of the work tree for its path. */
export const workTreeName = ({ path, root, status }: WorkTree): string => {
  if (path === undefined) return `${UNKNOWN}${STATE[status]}`
  const below = root === undefined ? '' : relative(path, root)
  return `${join(basename(path), below)}${STATE[status]}`
}
