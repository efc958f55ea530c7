import { isAbsolute, sep } from 'node:path'
import { type CommitRequest, type CommitResult, requestPaths } from '@kitty/writer'
import { EVIDENCE_DIR, OPS_DIR } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'

/** The paths that can be committed by default, as prefixes relative to the project root. */
export const DEFAULT_ALLOWED: readonly string[] = [`${OPS_DIR}/`, `${EVIDENCE_DIR}/`]

const SEPARATOR = sep === '\\' ? /[\\/]/ : '/'

/** Returns every path that a request wants to commit. */
export const pathsOf = (request: CommitRequest): readonly string[] => {
  const { write, remove } = requestPaths(request)
  const index = request.kind === 'op' && request.index?.commit !== false ? request.index : undefined
  return [...write, ...remove, ...(index === undefined ? [] : [index.path])]
}

const leavesRoot = (path: string): boolean =>
  isAbsolute(path) || path.split(SEPARATOR).some((part) => ['', '.', '..'].includes(part))

const startsWith = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)

const violation = (path: string, prefix: string, allow: readonly string[]): string | undefined => {
  if (leavesRoot(path)) return 'is outside the project root'
  if (toTopPath(prefix, path).split('/').includes('.worktrees')) return 'is under .worktrees/'
  if (!allow.some((allowed) => startsWith(path, allowed))) return 'is not one of the allowed paths'
  return undefined
}

const emptyChangeset: CommitResult = {
  status: 'refused',
  code: 'EMPTY_CHANGESET',
  message: 'Nothing to commit: the request names no path.',
  hint: 'List the files to write or remove.',
}

/**
 * Refuses a request that names no path, or a path that must not be committed. `prefix` is the project root relative
 * to the top; `allow` holds prefixes of paths relative to the project root.
 */
export const checkPaths = (
  request: CommitRequest,
  prefix: string,
  allow: readonly string[],
): CommitResult | undefined => {
  const paths = pathsOf(request)
  if (paths.length === 0) return emptyChangeset
  for (const path of paths) {
    const wrong = violation(path, prefix, allow)
    if (wrong === undefined) continue
    const message = `${JSON.stringify(path)} ${wrong}, so the request is refused.`
    const hint = `Use a path in the project root that begins with ${allow.join(' or ')}.`
    return { status: 'refused', code: 'PATH_POLICY', message, hint }
  }
  return undefined
}
