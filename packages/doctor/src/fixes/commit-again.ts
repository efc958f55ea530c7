import type { OpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { isFinal } from '@kitty/writer/internals'
import type { CheckContext, Fix, FixOutcome } from '../check/check.js'
import { opIdsOf } from '../check/finding.js'
import { memoized } from '../check/memo.js'
import { reasonOf } from '../check/wording.js'

// Everything pending goes into one batch, whatever strategy it was closed under.
const flushed = memoized(({ ops }) => ops.flush({ allStrategies: true }))

const commit = async (id: OpId, context: CheckContext): Promise<CommitResult> =>
  (await flushed(context)).get(id) ?? context.ops.commitClosed(id)

const withStrategy = ({ ops }: CheckContext): string => `with the strategy "${ops.strategy.name}"`

// If nothing is committed here, a complete record is all that can be fixed.
const isDone = (result: CommitResult): boolean => isFinal(result) || result.status === 'skipped'

const outOfLedger = (result: CommitResult): readonly string[] =>
  isFinal(result) || result.ledger === undefined || result.ledger.status === 'committed'
    ? []
    : [`It is not in the ledger yet: ${result.ledger.message}`]

const report = (result: CommitResult, context: CheckContext): string => {
  if (result.status === 'skipped') return `Its record is complete again. ${reasonOf(result)}`
  if (result.status !== 'committed') return `Not committed: ${reasonOf(result)}`
  const notes = [...(result.notes ?? []), ...outOfLedger(result)]
  return [`Committed as ${result.sha.slice(0, 10)} ${withStrategy(context)}.`, ...notes].join(' ')
}

const reportAll = (results: readonly CommitResult[], context: CheckContext): string => {
  const left = results.filter((result) => !isDone(result))
  const done = `Committed ${results.length - left.length} of ${results.length} ${withStrategy(context)}.`
  const [first] = left
  return first === undefined ? done : `${done} The first of the others failed: ${reasonOf(first)}`
}

/** Commits pending Ops through the writer, with the configured strategy. */
export const commitAgain: Fix = {
  plan: (finding, context) => {
    const { length } = opIdsOf(finding)
    return `Would commit ${length === 1 ? 'it' : `these ${length} Ops`} ${withStrategy(context)}.`
  },
  apply: async (finding, context): Promise<FixOutcome> => {
    const results = await Promise.all(opIdsOf(finding).map((id) => commit(id, context)))
    const [only, second] = results
    const message =
      only !== undefined && second === undefined
        ? report(only, context)
        : reportAll(results, context)
    return { done: results.every(isDone), message }
  },
}
