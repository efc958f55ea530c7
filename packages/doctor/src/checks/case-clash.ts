import { opIdOfName } from '@kitty/writer'
import type { Check, Examination } from '../check.js'
import { filesOf } from '../facts/files.js'
import { entriesOf } from '../facts/in-index.js'

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Every path on disk and in git: where names are equal but for case, a disk may hold but one of them. */
const pathsOf = async (at: Examination): Promise<ReadonlySet<string>> => {
  const [files, entries] = await Promise.all([filesOf(at), entriesOf(at).catch(() => [])])
  return new Set([...files, ...(entries ?? [])].map(({ path }) => path))
}

/** Whether a path ends in the name of a record, in capitals; two such never differ in case alone. */
const isProper = (path: string): boolean => opIdOfName(nameIn(path)) !== undefined

const isMisnamed = (path: string): boolean => {
  const [stem = '', ...rest] = nameIn(path).split('.')
  return (
    opIdOfName([stem.toUpperCase(), ...rest.map((part) => part.toLowerCase())].join('.')) !==
    undefined
  )
}

/** Groups of paths that are equal but for case. In each there is at least one of `odd`. */
const clashes = (
  paths: ReadonlySet<string>,
  odd: readonly string[],
): readonly (readonly string[])[] => {
  const groups = new Map<string, string[]>(odd.map((path) => [path.toLowerCase(), []]))
  for (const path of paths) groups.get(path.toLowerCase())?.push(path)
  return [...groups.values()].filter(({ length }) => length > 1)
}

const finding = (path: string, message: string) =>
  ({ id: caseClash.id, severity: 'warning', path, message, fixable: false }) as const

/** Names that differ only in case, and records that are not named in capitals. */
export const caseClash: Check = {
  id: 'case-clash',
  examine: async (at) => {
    const paths = await pathsOf(at)
    const odd = [...paths].filter((path) => !isProper(path))
    const groups = clashes(paths, odd)
    const told = new Set(groups.flat())
    const alone = odd.filter((path) => isMisnamed(path) && !told.has(path))
    return [
      ...groups.map((group) => {
        const [first = '', ...others] = group.toSorted()
        const message = `${first} and ${others.join(', ')} differ only in case: on Windows and macOS they are one file, and one of them is lost. Keep one of them: git rm --cached, or git mv to another name`
        return finding(first, message)
      }),
      ...alone.map((path) =>
        finding(
          path,
          `${path} is no record, since the name of one is in capitals with .jsonl after it. If it is one, rename it: git mv`,
        ),
      ),
    ]
  },
}
