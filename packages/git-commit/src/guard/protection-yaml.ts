import type { CommitResult } from '@kitty/writer'
import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml'
import * as z from 'zod'
import { isResult } from '../git/failures.js'

/** The project's own list, used exactly; `branches` is undefined where it says nothing. */
export type ProtectionConfig = { readonly branches: readonly string[] | undefined }

const BranchName = z
  .string('must be the name of a branch')
  .min(1, 'must not be empty')
  // It would match no branch, and so protect none, without a word.
  .refine(
    (name) => !name.startsWith('refs/'),
    'must be a name as git branch shows it, without refs/heads/',
  )
const BranchList = z.array(BranchName, 'must be a list of branch names')

/** The part of the file that is read here; all else in it is somebody else's. */
const ConfigSchema = z.looseObject(
  {
    protection: z
      .looseObject({ protected_branches: BranchList.optional() }, 'must be a mapping')
      .nullish(),
  },
  'must be a mapping',
)

const invalid = (path: string, line: number, what: string): CommitResult => ({
  status: 'refused',
  code: 'CONFIG_INVALID',
  message: `${path}, line ${line}: ${what}.`,
  hint: 'Give protection.protected_branches a list of branch names; [] protects none.',
})

const lineOf = (document: Document, path: readonly PropertyKey[], lines: LineCounter): number => {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** Only aliases can fail so late: those that multiply beyond reason, or that lead nowhere. */
const firstAlias = (document: Document, lines: LineCounter): number => {
  let line = 1
  visit(document, {
    Alias: (_, { range }) => {
      line = lines.linePos(range?.[0] ?? 0).line
      return visit.BREAK
    },
  })
  return line
}

const readData = (
  document: Document,
  lines: LineCounter,
  path: string,
): { data: unknown } | CommitResult => {
  const [error] = document.errors
  if (error !== undefined) return invalid(path, lines.linePos(error.pos[0]).line, error.message)
  try {
    return { data: document.toJS() }
  } catch (cause) {
    return invalid(path, firstAlias(document, lines), String(cause))
  }
}

/** Reads the text of the file at `path`. What cannot be understood is an error, never a default. */
export const parseProtectionConfig = (
  text: string,
  path: string,
): ProtectionConfig | CommitResult => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const read = readData(document, lines, path)
  if (isResult(read)) return read
  const parsed = ConfigSchema.nullable().safeParse(read.data)
  if (parsed.success) return { branches: parsed.data?.protection?.protected_branches }
  const { path: place = [], message = '' } = parsed.error.issues[0] ?? {}
  return invalid(
    path,
    lineOf(document, place, lines),
    `${place.join('.') || 'the file'} ${message}`,
  )
}
