/** A file as a commit is to hold it, or its removal. Paths are relative to the top, with `/`. */
export type FileChange =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly remove: true }

/** The folder of a path, empty for the top; and its last name. */
export const splitPath = (path: string): { readonly folder: string; readonly name: string } => {
  const at = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) }
}
