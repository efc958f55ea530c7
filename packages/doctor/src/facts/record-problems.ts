import type { OpRecord, Problem, ProblemCode } from '@kitty/record'
import type { RecordLocation } from '@kitty/writer/internals'
import { defineFact, type Fact } from '../check/check.js'
import { interruptedStarts } from './intents.js'

/** A record, and those of its problems that a check is about: at least one. */
export type Troubled = RecordLocation & {
  readonly record: OpRecord
  readonly problems: readonly Problem[]
}

/** Formats problems for people: `line 3: not JSON; line 4: …`. */
export const listOf = (problems: readonly Problem[]): string =>
  problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')

/**
 * Makes the fact of what is found in records with problems of these codes, for each what `toFound` returns. A start
 * that was cut off is not damage if its start note has it: it is an open Op.
 */
export const troubledRecords = <T>(
  codes: readonly ProblemCode[],
  toFound: (troubled: Troubled) => T | undefined,
): Fact<readonly T[]> =>
  defineFact({
    needs: { cutOff: interruptedStarts },
    visit: (each) => {
      if (!each.ok || each.isSound || each.record.problems.length === 0) return undefined
      const problems = each.record.problems.filter(({ code }) => codes.includes(code))
      if (problems.length === 0) return undefined
      const { id, path, record } = each
      const found = toFound({ id, path, record, problems })
      return found && { id, found }
    },
    value: async (all, { cutOff }) => {
      const starts = await cutOff()
      return all.filter(({ id }) => !starts.has(id)).map(({ found }) => found)
    },
  })
