import { findIgnoreRules, type IgnoreRule } from '@kitty/git-commit/inspect'
import { newOpId } from '@kitty/record'
import { recordPath } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { headOf, placesInHead } from '../facts/head.js'
import { notInHead } from '../facts/missing-on-disk.js'
import { isCommittingToHead } from '../facts/work-tree.js'

type Ignored = { readonly path: string; readonly rule: IgnoreRule }

const keyOf = ({ source, line, pattern }: IgnoreRule): string =>
  JSON.stringify([source, line, pattern])

/** Returns the path of a future record, then those of the records that are not committed yet. */
const pathsFor = async (context: CheckContext): Promise<readonly string[]> => {
  const [others, head = new Map<string, string>()] = await Promise.all([
    notInHead(context),
    headOf(context),
  ])
  const waiting = others.filter(({ id }) => placesInHead(head, id).length === 0)
  return [recordPath(newOpId()), ...waiting.map(({ path }) => path)]
}

const findingOf = (ignored: readonly Ignored[], onDisk: number): readonly Finding[] => {
  // The first can be the record that is yet to come.
  const [first, last] = [ignored.at(0), ignored.at(-1)]
  if (first === undefined) return []
  const { pattern, source, line } = first.rule
  const what = onDisk === 0 ? 'new records' : `${onDisk} of the records on disk`
  return [
    {
      id: ignoredByGit.id,
      severity: 'warning',
      path: source,
      message: `git ignores ${what} because of "${pattern}" in ${source}, line ${line}; an ignored record is never committed. Remove or narrow that rule.`,
      fixable: false,
      next:
        last === undefined || onDisk === 0
          ? []
          : [{ verb: 'git-check-ignore', path: last.path }, { verb: 'fix' }],
    },
  ]
}

/** Rules that keep records out of git. They are the user's: they are never changed or overridden. */
export const ignoredByGit: Check = {
  id: 'ignored-by-git',
  run: async (context) => {
    if (!(await isCommittingToHead(context))) return []
    const paths = await pathsFor(context)
    const rules = await findIgnoreRules(context.ops.root, paths)
    const ignored = [...rules].map(([path, rule]) => ({ path, rule }))
    const kinds = [...new Set(ignored.map(({ rule }) => keyOf(rule)))]
    return kinds.flatMap((kind) => {
      const group = ignored.filter(({ rule }) => keyOf(rule) === kind)
      return findingOf(group, group.filter(({ path }) => path !== paths[0]).length)
    })
  },
}
