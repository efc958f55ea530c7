/** The severity of each problem: an error is damage, a warning is unusual, info is harmless. */
export const PROBLEM_SEVERITIES = Object.freeze({
  NOT_JSON: 'error',
  TORN_TAIL: 'error',
  EVENT_INVALID: 'error',
  NO_STARTED: 'error',
  SECOND_STARTED: 'error',
  SECOND_COMPLETED: 'error',
  ID_MISMATCH: 'error',
  COMPLETED_BEFORE_STARTED: 'error',
  NUL_BYTES: 'error',
  CONFLICT_MARKER: 'error',
  INVALID_UTF8: 'error',
  TOO_LARGE: 'error',
  TOO_MUCH_DAMAGE: 'error',
  BYTE_ORDER_MARK: 'warning',
  STARTED_NOT_FIRST: 'warning',
  MISSING_FINAL_NEWLINE: 'warning',
  MISSION_ID_NOT_ULID: 'warning',
  TIME_REVERSED: 'warning',
  CRLF: 'info',
  LEGACY_COMPLETION: 'info',
} as const)

/** The stable name of a problem. */
export type ProblemCode = keyof typeof PROBLEM_SEVERITIES
/** `error`, `warning` or `info`. */
export type ProblemSeverity = (typeof PROBLEM_SEVERITIES)[ProblemCode]

/** A problem with a record. `line` counts from 1. */
export type Problem = Readonly<{
  line: number
  code: ProblemCode
  severity: ProblemSeverity
  message: string
}>

/** Parsing stops after this many problems, so that a hostile record does not hold up the others. */
export const MAX_PROBLEMS = 1000

/** Creates a problem with the severity of its code. */
export const problem = (line: number, code: ProblemCode, message: string): Problem =>
  Object.freeze({ line, code, severity: PROBLEM_SEVERITIES[code], message })
