/**
 * The zod schemas behind `@kitty/record`, to build schemas of your own on. They follow zod's versions.
 *
 * @packageDocumentation
 */
export { OpIdSchema } from './base/op-id.js'
export { NewTimestampSchema, TimestampSchema } from './base/timestamp.js'
export {
  ArtifactLinkSchema,
  CommitLinkSchema,
  CompletedEventSchema,
  NoteSchema,
  OpEventSchema,
  StartedEventSchema,
  UnknownEventSchema,
  UsageSchema,
} from './events/event-schemas.js'
export {
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  NewNoteSchema,
  NewStartedEventSchema,
  NewUsageSchema,
} from './events/new-events.js'
export { IndexRowSchema } from './formats/index-row.js'
export { type JsonSchema, opLineJsonSchema } from './formats/json-schema.js'
export { LifecycleEventSchema } from './formats/lifecycle.js'
