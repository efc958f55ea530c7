import { type Check, type CheckContext, defineCheck, type Finding } from '../check/check.js'
import { indexedAt } from '../facts/git-index.js'
import { differsInHead } from '../facts/head.js'
import { listOf, type Troubled, troubledRecords } from '../facts/record-problems.js'

const SIDES = 'keep ours or theirs, then stage it'

const CHANGED = 'A closed record never changes, so one side is wrong'

/** During a merge either side can be kept; after it, HEAD's version is. */
const findingOf = ({ id, path, problems }: Troubled): Finding => ({
  id: conflictMarkers.id,
  severity: 'error',
  invocation_id: id,
  path,
  message: `The record contains a merge conflict: ${listOf(problems)}. ${CHANGED}: ${SIDES}.`,
  fixable: false,
  next: [
    { verb: 'git-checkout-ours', path },
    { verb: 'git-checkout-theirs', path },
    { verb: 'git-add', path },
  ],
})

const afterMerge = async (
  context: CheckContext,
  finding: Finding,
  path: string,
): Promise<Finding> => {
  const inHead = await differsInHead(context, path)
  const way = inHead ? "restore HEAD's version" : 'restore the version before it'
  return {
    ...finding,
    message: finding.message.replace(SIDES, way),
    next: [{ verb: inHead ? 'git-checkout' : 'git-log', path }],
  }
}

const withUsefulSteps = async (
  context: CheckContext,
  findings: readonly Finding[],
): Promise<readonly Finding[]> => {
  const paths = findings.flatMap(({ path }) => path ?? [])
  // Unmerged files are left out.
  const merged = await indexedAt(context, paths)
  return Promise.all(
    findings.map((finding) => {
      const { path } = finding
      const isMerged = path !== undefined && merged.has(path)
      return isMerged ? afterMerge(context, finding, path) : finding
    }),
  )
}

/** Records with the conflict markers of a merge. */
export const conflictMarkers: Check = defineCheck({
  id: 'conflict-markers',
  needs: { found: troubledRecords(['CONFLICT_MARKER'], findingOf) },
  run: async (context, { found }) => withUsefulSteps(context, await found()),
})
