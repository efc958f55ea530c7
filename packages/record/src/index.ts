/**
 * Parses, checks and writes records of Ops. It needs no file system and no git.
 *
 * @packageDocumentation
 */
export type {
  DeferredReason,
  KittyErrorCode,
  OwnErrorCodes,
  SyncReason,
} from './base/error-codes.js'
export {
  type ErrorSubject,
  isKittyError,
  KittyError,
  type KittyErrorDetails,
} from './base/errors.js'
export { isOpId, newOpId, opIdTime, parseOpId, shortOpId } from './base/op-id.js'
export type { OpId } from './base/op-id-type.js'
export { formatTimestamp, parseTimestamp } from './base/timestamp.js'
export type { OpEvent, UnknownEvent } from './events/events.js'
export type {} from './events/new-events.js'
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
export type {
  ArtifactLinkEvent,
  CommitLinkEvent,
  CompletedEvent,
  IndexRow,
  LifecycleEvent,
  NewArtifactLink,
  NewCommitLink,
  NewCompletedEvent,
  NewNote,
  NewStartedEvent,
  NewUsage,
  NoteEvent,
  OtherFields,
  StartedEvent,
  UsageEvent,
} from './events/wire.js'
export {
  archiveSubject,
  formatOpCommitMessage,
  isCommitMessageOf,
  type OpCommitParts,
  opCommitSubject,
  parseOpCommitMessage,
  untrackSubject,
} from './formats/commit-message.js'
export { formatIndexRow, indexRowOf, isIndexStartRow, parseIndexRow } from './formats/index-row.js'
export {
  formatLifecycleLine,
  type LifecycleLog,
  parseLifecycleLog,
} from './formats/lifecycle.js'
export {
  type LifecycleGroup,
  type LifecyclePairs,
  pairLifecycle,
} from './formats/lifecycle-pairs.js'
export { MINIMAL_VIABLE_TRAIL, type TrailTier } from './formats/trail-policy.js'
export { type Closure, type OpClosures, parseOpClosures, withClosure } from './parse/closures.js'
export { durationMs, hasErrors, modeOfWork, outcomeOf, reasonOf } from './parse/derived.js'
export {
  type EventFields,
  eventFields,
  formatLine,
  type ParsedLine,
  parseLine,
} from './parse/line.js'
export {
  type ClosedRecord,
  formatOpRecord,
  type OpenRecord,
  type OpRecord,
  type OpStatus,
  type ParseOptions,
  parseOpRecord,
  type RecordContent,
  type UnreadableRecord,
} from './parse/op-record.js'
export {
  PROBLEM_SEVERITIES,
  type Problem,
  type ProblemCode,
  type ProblemSeverity,
} from './parse/problems.js'
export { isSoundRecord } from './parse/sound-record.js'
export { addUsages, type Usage, usageOf } from './parse/usage.js'
