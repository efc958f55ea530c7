import type { Check, CheckContext, Finding } from '../check/check.js'
import { indexedAt } from '../facts/git-index.js'
import { findProblems, listOf, type Troubled } from '../facts/record-problems.js'

const CHANGED = 'A closed record never changes, so one side is wrong'

/** During a merge either side can be kept; after it, HEAD's version is. */
const findingOf = ({ id, path, problems }: Troubled): Finding => ({
  id: conflictMarkers.id,
  severity: 'error',
  invocation_id: id,
  path,
  message: `The record contains a merge conflict: ${listOf(problems)}. ${CHANGED}: keep ours or theirs, then stage it.`,
  fixable: false,
  next: [
    { verb: 'git-checkout-ours', path },
    { verb: 'git-checkout-theirs', path },
    { verb: 'git-add', path },
  ],
})

const afterMerge = (finding: Finding, path: string): Finding => ({
  ...finding,
  message: finding.message.replace('keep ours or theirs, then stage it', "restore HEAD's version"),
  next: [{ verb: 'git-checkout', path }],
})

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const findings = await findProblems(context, ['CONFLICT_MARKER'], findingOf)
  const paths = findings.flatMap(({ path }) => path ?? [])
  // Unmerged files are left out.
  const merged = await indexedAt(context, paths)
  return findings.map((finding) => {
    const { path } = finding
    return path !== undefined && merged.has(path) ? afterMerge(finding, path) : finding
  })
}

/** Records with the conflict markers of a merge. */
export const conflictMarkers: Check = { id: 'conflict-markers', run }
