import { type IndexEntry, indexEntries } from '@kitty/git-commit/inspect'
import { opIdOfName } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { everything, filesOf } from '../facts/files.js'
import { oddEntries } from '../facts/git-index.js'

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Whether a path does not end in the name of a record in capitals; two that do never differ in case alone. */
const isOdd = (path: string): boolean => opIdOfName(nameIn(path)) === undefined

/** The path with its name in the case of a record's name. */
const properPath = (path: string): string => {
  const name = nameIn(path)
  const [stem = '', ...rest] = name.split('.')
  const proper = [stem.toUpperCase(), ...rest.map((part) => part.toLowerCase())].join('.')
  return `${path.slice(0, -name.length)}${proper}`
}

const isMisnamed = (path: string): boolean => !isOdd(properPath(path))

/** Groups the paths that are equal except for case. Each group has at least one of `odd`. */
const clashes = (
  paths: Iterable<string>,
  odd: ReadonlySet<string>,
): readonly (readonly string[])[] => {
  const groups = new Map([...odd].map((path) => [path.toLowerCase(), new Set<string>()]))
  for (const path of paths) groups.get(path.toLowerCase())?.add(path)
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group])
}

const pathsOf = (entries: readonly IndexEntry[] = []): readonly string[] =>
  entries.map(({ path }) => path)

const everyPath = async ({ ops }: CheckContext): Promise<readonly string[]> => [
  ...Array.from(everything(ops.root), ({ path }) => path),
  ...pathsOf(await indexEntries(ops.root).catch(() => [])),
]

const clash = (paths: readonly string[], indexed: ReadonlySet<string>): Finding => {
  const [path = '', ...others] = paths.toSorted()
  return {
    id: caseClash.id,
    severity: 'warning',
    path,
    message: `This name and ${others.join(', ')} differ only in case: on Windows and macOS they are one file, and one is lost. Keep only one of them.`,
    fixable: false,
    next: others
      .filter((other) => indexed.has(other))
      .map((other) => ({ verb: 'git-untrack', path: other })),
  }
}

const misnamed = (path: string, indexed: ReadonlySet<string>): Finding => {
  const to = properPath(path)
  return {
    id: caseClash.id,
    severity: 'warning',
    path,
    message: `This file is not read as a record: the name of a record is in capitals and ends in .jsonl. Rename it to ${nameIn(to)}.`,
    fixable: false,
    next: indexed.has(path) ? [{ verb: 'git-move', path, to }] : [],
  }
}

/** Names that differ only in case, and records that are not named in capitals. */
export const caseClash: Check = {
  id: 'case-clash',
  run: async (context) => {
    const [files, oddIndexed] = await Promise.all([
      filesOf(context),
      oddEntries(context).then(pathsOf, () => []),
    ])
    const oddOnDisk = files.map(({ path }) => path).filter(isOdd)
    const indexed = new Set(oddIndexed)
    const odd = new Set([...oddOnDisk, ...oddIndexed])
    // Properly named records matter only if another name is nearly the same.
    const all = [...odd].some(isMisnamed) ? await everyPath(context) : odd
    const groups = clashes(all, odd)
    const grouped = new Set(groups.flat())
    const alone = [...odd].filter((path) => isMisnamed(path) && !grouped.has(path))
    return [
      ...groups.map((group) => clash(group, indexed)),
      ...alone.map((path) => misnamed(path, indexed)),
    ]
  },
}
