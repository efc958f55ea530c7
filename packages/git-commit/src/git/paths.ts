/** Converts a path relative to the project root to one relative to the top of the work tree. */
export const toTopPath = (prefix: string, path: string): string =>
  prefix === '' ? path : `${prefix}/${path}`

/** Splits a path into its folder, which is empty at the top, and its last name. */
export const splitPath = (path: string): { readonly folder: string; readonly name: string } => {
  const at = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) }
}
