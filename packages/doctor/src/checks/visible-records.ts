import { findNegatedRules, type IgnoreRule } from '@kitty/git-commit/inspect'
import {
  excludePathOf,
  excludePattern,
  excludeProblem,
  hasExcludeLine,
  listExcludeLines,
  prefixOf,
  recordPath,
  stateDirOf,
  type WorkTree,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'

const EFFECT = 'Records that are not committed yet are not hidden from git'

const PROBLEMS = {
  'not-a-file': 'is not a file. Move it away: git fails because of it',
  'foreign-owner': 'belongs to another user. Change its owner, or turn off `ops.exclude`',
  'read-only': 'cannot be written. Make it writable, or turn off `ops.exclude`',
} as const

const unusable = (path: string, problem: keyof typeof PROBLEMS): Finding => ({
  id: visibleRecords.id,
  severity: 'info',
  path,
  message: `Records that are not committed yet cannot be hidden from git: ${path} ${PROBLEMS[problem]}.`,
  fixable: false,
  next: [],
})

const overridden = (path: string, { pattern, source, line }: IgnoreRule): Finding => ({
  id: visibleRecords.id,
  severity: 'info',
  path: source,
  message: `${EFFECT}, because "${pattern}" in ${source}, line ${line}, overrides the lines in info/exclude that hide them. Remove or narrow that rule, or turn off \`ops.exclude\`.`,
  fixable: false,
  next: [{ verb: 'git-check-ignore', path }],
})

/** The first rule that makes a record visible although it has its line. */
const findOverriding = async (
  { ops: { root } }: CheckContext,
  workTree: WorkTree,
): Promise<readonly Finding[]> => {
  const prefix = prefixOf(root, workTree)
  const hidden = listExcludeLines(workTree.commonDir).filter(
    ({ id, pattern }) => pattern === excludePattern(prefix, id),
  )
  const rules = await findNegatedRules(
    root,
    hidden.map(({ id }) => recordPath(id)),
  )
  // A line that was taken out meanwhile overrides nothing.
  const exclude = excludePathOf(workTree.commonDir)
  for (const { id, pattern } of hidden) {
    const rule = rules.get(recordPath(id))
    if (rule !== undefined && hasExcludeLine(exclude, pattern)) {
      return [overridden(recordPath(id), rule)]
    }
  }
  return []
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { place, workTree } = await stateDirOf(context.ops.root)
  if (!context.ops.exclude || place !== 'git' || workTree === undefined) return []
  const problem = excludeProblem(workTree.commonDir)
  if (problem === undefined) return findOverriding(context, workTree)
  return [unusable(excludePathOf(workTree.commonDir), problem)]
}

/** What keeps this software from hiding records that are not committed yet. */
export const visibleRecords: Check = { id: 'visible-records', run }
