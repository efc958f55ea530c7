export {
  ARCHIVE_SUBJECT,
  commitMessageSays,
  formatOpCommitMessage,
  type OpCommitParts,
  opCommitSubject,
  parseOpCommitMessage,
} from './commit-message.js'
export { KittyError, type KittyErrorDetails } from './errors.js'
export {
  ArtifactLinkSchema,
  CommitLinkSchema,
  CompletedEventSchema,
  NoteSchema,
  OpEventSchema,
  StartedEventSchema,
  UnknownEventSchema,
} from './event-schemas.js'
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
} from './events.js'
export {
  formatIndexRow,
  type IndexRow,
  IndexRowSchema,
  indexRowOf,
  parseIndexRow,
} from './index-row.js'
export { opLineJsonSchema } from './json-schema.js'
export {
  formatLifecycleLine,
  type LifecycleEvent,
  LifecycleEventSchema,
  type LifecycleLog,
  parseLifecycleLog,
} from './lifecycle.js'
export { type LifecycleGroup, type LifecyclePairs, pairLifecycle } from './lifecycle-pairs.js'
export { formatLine, type ParsedLine, parseLine } from './line.js'
export { durationMs, hasErrors, modeOfWork, outcomeOf, reasonOf } from './meaning.js'
export {
  type NewArtifactLink,
  NewArtifactLinkSchema,
  type NewCommitLink,
  NewCommitLinkSchema,
  type NewCompletedEvent,
  NewCompletedEventSchema,
  type NewNote,
  NewNoteSchema,
  type NewStartedEvent,
  NewStartedEventSchema,
} from './new-events.js'
export { isOpId, newOpId, type OpId, OpIdSchema, opIdTime, shortOpId } from './op-id.js'
export {
  formatOpRecord,
  type OpRecord,
  type OpStatus,
  type ParseOptions,
  parseOpRecord,
} from './op-record.js'
export {
  PROBLEM_SEVERITIES,
  type Problem,
  type ProblemCode,
  type ProblemSeverity,
} from './problems.js'
export {
  formatTimestamp,
  NewTimestampSchema,
  parseTimestamp,
  TimestampSchema,
} from './timestamp.js'
export { MINIMAL_VIABLE_TRAIL, type TrailTier } from './trail-policy.js'
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
} from './vocabulary.js'
