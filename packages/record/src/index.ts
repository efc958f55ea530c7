/**
 * Parses, checks and writes records of Ops. It needs no file system and no git.
 *
 * @packageDocumentation
 */
export {
  type ErrorSubject,
  isKittyError,
  KittyError,
  type KittyErrorDetails,
} from './base/errors.js'
export { isOpId, newOpId, type OpId, opIdTime, parseOpId, shortOpId } from './base/op-id.js'
export { formatTimestamp, parseTimestamp } from './base/timestamp.js'
export {
  type ArtifactLinkEvent,
  type CommitLinkEvent,
  type CompletedEvent,
  isEvent,
  type KnownEvent,
  type KnownEventName,
  type NoteEvent,
  type OpEvent,
  type StartedEvent,
  type UnknownEvent,
} from './events/events.js'
export type {
  NewArtifactLink,
  NewCommitLink,
  NewCompletedEvent,
  NewNote,
  NewStartedEvent,
} from './events/new-events.js'
export {
  CLOSED_BY,
  type ClosedBy,
  MAX_NOTE_BYTES,
  MAX_REQUEST_BYTES,
  MODES_OF_WORK,
  type ModeOfWork,
  OUTCOMES,
  type Outcome,
  ROUTER_CONFIDENCES,
  type RouterConfidence,
} from './events/vocabulary.js'
export {
  archiveSubject,
  formatOpCommitMessage,
  isCommitMessageOf,
  type OpCommitParts,
  opCommitSubject,
  parseOpCommitMessage,
} from './formats/commit-message.js'
export { formatIndexRow, type IndexRow, indexRowOf, parseIndexRow } from './formats/index-row.js'
export {
  formatLifecycleLine,
  type LifecycleEvent,
  type LifecycleLog,
  parseLifecycleLog,
} from './formats/lifecycle.js'
export {
  type LifecycleGroup,
  type LifecyclePairs,
  pairLifecycle,
} from './formats/lifecycle-pairs.js'
export { MINIMAL_VIABLE_TRAIL, type TrailTier } from './formats/trail-policy.js'
export { durationMs, hasErrors, modeOfWork, outcomeOf, reasonOf } from './parse/derived.js'
export { formatLine, type ParsedLine, parseLine } from './parse/line.js'
export {
  formatOpRecord,
  type OpRecord,
  type OpStatus,
  type ParseOptions,
  parseOpRecord,
} from './parse/op-record.js'
export {
  PROBLEM_SEVERITIES,
  type Problem,
  type ProblemCode,
  type ProblemSeverity,
} from './parse/problems.js'
