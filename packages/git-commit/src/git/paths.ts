/** Where a path of the project root lies below the top of the work tree. */
export const toTopPath = (prefix: string, path: string): string =>
  prefix === '' ? path : `${prefix}/${path}`

/** The folder of a path, empty for the top; and its last name. */
export const splitPath = (path: string): { readonly folder: string; readonly name: string } => {
  const at = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) }
}
