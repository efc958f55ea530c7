import {
  ARCHIVE_DIR,
  ATTRIBUTES_PATH,
  isArchiveMonth,
  isLogName,
  OPS_DIR,
  opIdOfName,
} from '@kitty/writer/internals'
import type { Check, Finding } from '../check/check.js'
import { type FoundFile, filesOf } from '../facts/files.js'

const ID = /[0-7][0-9A-HJKMNP-TV-Z]{25}/i

const belongs = ({ folder, name, path, kind }: FoundFile): boolean => {
  if (folder === ARCHIVE_DIR) return kind === 'folder' && isArchiveMonth(name)
  if (opIdOfName(name) !== undefined) return true
  // Never recommend to delete a repository: see the check `nested-repository`.
  if (name === '.git') return true
  return folder === OPS_DIR && (isLogName(name) || path === ARCHIVE_DIR || path === ATTRIBUTES_PATH)
}

const findingOf = ({ name, path, kind }: FoundFile): Finding => {
  const base = { id: strayFile.id, path, fixable: false }
  const what = kind === 'folder' ? 'a folder' : 'a file'
  if (!ID.test(name)) {
    const message = `This is ${what} that does not belong here. Nothing reads it; move it elsewhere, or delete it if you don't need it.`
    return { ...base, severity: 'info', message, next: [] }
  }
  const message =
    'This looks like a copy of a record (from a merge, an editor or a download), and nothing reads it. Save anything that the record lacks, then move this file elsewhere.'
  return { ...base, severity: 'info', message, next: [{ verb: 'validate', path }] }
}

/** Entries in `kitty-ops/` that are neither records nor other files that belong there. */
export const strayFile: Check = {
  id: 'stray-file',
  run: async (context) => {
    const files = await filesOf(context)
    return files.filter((file) => file.kind !== 'link' && !belongs(file)).map(findingOf)
  },
}
