/** How an Op can end. */
export const OUTCOMES = Object.freeze(['done', 'failed', 'abandoned'] as const)
/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number]

/** Who can close an Op: whoever opened it, or the doctor's sweep of what was forgotten. */
export const CLOSED_BY = Object.freeze(['agent', 'doctor_sweep'] as const)
/** One of {@link CLOSED_BY}. */
export type ClosedBy = (typeof CLOSED_BY)[number]

/** What kind of work an Op is. */
export const MODES_OF_WORK = Object.freeze([
  'task_execution',
  'advisory',
  'mission_step',
  'query',
] as const)
/** One of {@link MODES_OF_WORK}. */
export type ModeOfWork = (typeof MODES_OF_WORK)[number]

/** How sure the router was of the profile. */
export const ROUTER_CONFIDENCES = Object.freeze([
  'exact',
  'canonical_verb',
  'domain_keyword',
] as const)
/** One of {@link ROUTER_CONFIDENCES}. */
export type RouterConfidence = (typeof ROUTER_CONFIDENCES)[number]

/** The longest request text that may be written, in bytes of UTF-8: 1 MiB. */
export const MAX_REQUEST_BYTES = 1_048_576

/** The longest text of a note that may be written, in bytes of UTF-8: 16 KiB. */
export const MAX_NOTE_BYTES = 16_384
