import {
  ARCHIVE_DIR,
  EVIDENCE_DIR,
  isNestedWorkTree,
  OPS_DIR,
  toAbsolute,
} from '@kitty/writer/internals'
import type { Check, Finding } from '../check/check.js'
import { indexedAt } from '../facts/git-index.js'

const FOLDERS = [OPS_DIR, ARCHIVE_DIR, '.kittify', EVIDENCE_DIR]

const findingOf = (path: string): Finding => ({
  id: nestedRepository.id,
  severity: 'error',
  path,
  message: `${path} belongs to another repository, for example as a submodule, so this repository commits nothing that is in it. Save the records in it, then move it elsewhere.`,
  fixable: false,
  next: [{ verb: 'git-status' }],
})

/** A folder of records or evidence that is a submodule. */
export const nestedRepository: Check = {
  id: 'nested-repository',
  run: async (context) => {
    const { root } = context.ops
    // A submodule that is not checked out is an empty folder; then only git's index shows what it is.
    const inIndex = await indexedAt(context, [OPS_DIR]).catch(() => new Map<string, unknown>())
    return FOLDERS.filter(
      (path) => isNestedWorkTree(toAbsolute(root, path)) || inIndex.has(path),
    ).map(findingOf)
  },
}
