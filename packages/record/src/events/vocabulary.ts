/** How an Op can end. */
export const OUTCOMES = Object.freeze(['done', 'failed', 'abandoned'] as const)
/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number]

/** What can close an Op: an agent or a person (`agent`), or the doctor's sweep of stale Ops. */
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

/** How certain the router was of the profile. */
export const ROUTER_CONFIDENCES = Object.freeze([
  'exact',
  'canonical_verb',
  'domain_keyword',
] as const)
/** One of {@link ROUTER_CONFIDENCES}. */
export type RouterConfidence = (typeof ROUTER_CONFIDENCES)[number]

/** The maximum length of request text, in bytes of UTF-8: 1 MiB. */
export const MAX_REQUEST_BYTES = 1_048_576

/** The maximum length of the text of a note, in bytes of UTF-8: 16 KiB. */
export const MAX_NOTE_BYTES = 16_384
