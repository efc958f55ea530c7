import { indexEntries } from '@kitty/git-commit'
import { opIdOfName } from '@kitty/writer'
import type { Check, CheckContext } from '../check/check.js'
import { everything, filesOf } from '../facts/files.js'

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Whether a path does not end in the name of a record, in capitals; two that do never differ in case alone. */
const isOdd = (path: string): boolean => opIdOfName(nameIn(path)) === undefined

const isMisnamed = (path: string): boolean => {
  const [stem = '', ...rest] = nameIn(path).split('.')
  return (
    opIdOfName([stem.toUpperCase(), ...rest.map((part) => part.toLowerCase())].join('.')) !==
    undefined
  )
}

/** Groups of paths that are equal but for case. In each there is at least one of `odd`. */
const clashes = (
  paths: Iterable<string>,
  odd: ReadonlySet<string>,
): readonly (readonly string[])[] => {
  const groups = new Map([...odd].map((path) => [path.toLowerCase(), new Set<string>()]))
  for (const path of paths) groups.get(path.toLowerCase())?.add(path)
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group])
}

const inIndex = async ({ ops }: CheckContext, isWanted?: (path: string) => boolean) =>
  ((await indexEntries(ops.root, isWanted).catch(() => [])) ?? []).map(({ path }) => path)

const everyPath = async (context: CheckContext): Promise<readonly string[]> => [
  ...Array.from(everything(context.ops.root), ({ path }) => path),
  ...(await inIndex(context)),
]

const finding = (path: string, message: string) =>
  ({ id: caseClash.id, severity: 'warning', path, message, fixable: false }) as const

/** Names that differ only in case, and records that are not named in capitals. */
export const caseClash: Check = {
  id: 'case-clash',
  run: async (context) => {
    const [files, oddIndexed] = await Promise.all([filesOf(context), inIndex(context, isOdd)])
    const oddOnDisk = files.map(({ path }) => path).filter(isOdd)
    const odd = new Set([...oddOnDisk, ...oddIndexed])
    // The many that have their proper names are of interest only where another has nearly the same.
    const all = [...odd].some(isMisnamed) ? await everyPath(context) : odd
    const groups = clashes(all, odd)
    const told = new Set(groups.flat())
    const alone = [...odd].filter((path) => isMisnamed(path) && !told.has(path))
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
