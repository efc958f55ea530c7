import type { OpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import type { Examination, MendResult, Remedy } from '../check/check.js'
import { opsOf } from '../check/finding.js'
import { sharedFact } from '../check/memo.js'
import { reasonOf } from '../check/wording.js'

// What is marked goes in one group, whatever strategy it was closed under.
const flushed = sharedFact(({ ops }) => ops.flush({ allStrategies: true }))

const commit = async (id: OpId, at: Examination): Promise<CommitResult> =>
  (await flushed(at)).get(id) ?? at.ops.commitClosed(id)

const withStrategy = ({ ops }: Examination): string => `with the strategy "${ops.strategyName}"`

// Where nothing commits, a record that is whole again is all there is to have.
const isDone = ({ status }: CommitResult): boolean => status === 'committed' || status === 'skipped'

const report = (result: CommitResult, at: Examination): string => {
  if (result.status === 'skipped') return `Its record is whole again. ${reasonOf(result)}`
  if (result.status !== 'committed') return `Not committed: ${reasonOf(result)}`
  const notes = result.notes ?? []
  return [`Committed as ${result.sha.slice(0, 10)} ${withStrategy(at)}.`, ...notes].join(' ')
}

const reportAll = (results: readonly CommitResult[], at: Examination): string => {
  const left = results.filter((result) => !isDone(result))
  const done = `Committed ${results.length - left.length} of ${results.length} ${withStrategy(at)}.`
  const [first] = left
  return first === undefined ? done : `${done} Of the others, the first: ${reasonOf(first)}`
}

/** Commits Ops that are closed and pending, through the executor, with the configured strategy. */
export const commitAgain: Remedy = {
  plan: (finding, at) => {
    const { length } = opsOf(finding)
    return `Would commit ${length === 1 ? 'it' : `these ${length} Ops`} ${withStrategy(at)}.`
  },
  apply: async (finding, at): Promise<MendResult> => {
    const results = await Promise.all(opsOf(finding).map((id) => commit(id, at)))
    const [only, second] = results
    const message =
      only !== undefined && second === undefined ? report(only, at) : reportAll(results, at)
    return { done: results.every(isDone), message }
  },
}
