import type { OpRecord, Problem, ProblemCode } from '@kitty/record'
import type { RecordLocation } from '@kitty/writer/internals'
import type { CheckContext, Finding } from '../check/check.js'
import { interruptedStarts } from './intents.js'
import { findingsInRecords } from './record-pass.js'

/** A record, and those of its problems that a check is about: at least one. */
export type Troubled = RecordLocation & {
  readonly record: OpRecord
  readonly problems: readonly Problem[]
}

/** Formats problems for people: `line 3: not JSON; line 4: …`. */
export const listOf = (problems: readonly Problem[]): string =>
  problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')

/**
 * Collects the findings for records with problems of these codes. A start that was cut off is not damage if
 * its start note has it: it is an open Op.
 */
export const findProblems = async (
  context: CheckContext,
  codes: readonly ProblemCode[],
  toFinding: (troubled: Troubled) => Finding | undefined,
): Promise<readonly Finding[]> => {
  const visited = findingsInRecords(context, (found) => {
    if ('error' in found || found.record.problems.length === 0) return undefined
    const problems = found.record.problems.filter(({ code }) => codes.includes(code))
    if (problems.length === 0) return undefined
    return toFinding({ id: found.id, path: found.path, record: found.record, problems })
  })
  const [findings, cutOff] = await Promise.all([visited, interruptedStarts(context)])
  return findings.filter(({ invocation_id: id }) => id === undefined || !cutOff.has(id))
}
