// What is on disk, as types: the lines of a record, of the index and of the lifecycle log. Their fields are in
// snake_case, and other versions can have added more. `wire.test.ts` compares these types with their schemas.

import type { OpId } from '../base/op-id-type.js'
import type { ClosedBy, ModeOfWork, Outcome, RouterConfidence } from './vocabulary.js'

/** Fields that another version added; kept unchanged. */
export type OtherFields = { readonly [field: string]: unknown }

/** Opens an Op: which profile was asked for what, by whom, and when. Always the first line. */
export type StartedEvent = OtherFields &
  Readonly<{
    event: 'started'
    invocation_id: OpId
    profile_id: string
    action: string
    request_text?: string
    actor?: string
    /** Any value; `modeOfWork` interprets it. */
    mode_of_work?: unknown
    governance_context_hash?: string
    governance_context_available?: boolean
    router_confidence?: string
    started_at: string
    mission_id?: string
    wp_id?: string
    model_id?: string
  }>

/** Closes an Op: when, with which outcome, and by whom. Without `closed_by`, an older version wrote it. */
export type CompletedEvent = OtherFields &
  Readonly<{
    event: 'completed'
    invocation_id: OpId
    completed_at: string
    outcome?: Outcome
    closed_by?: ClosedBy
    evidence_ref?: string
  }>

/** An artifact that the Op made: its kind and place. */
export type ArtifactLinkEvent = OtherFields & NewArtifactLink

/** A commit that the Op made. */
export type CommitLinkEvent = OtherFields & NewCommitLink

/** A note: why the Op ended as it did, in the words of its closer. */
export type NoteEvent = OtherFields & NewNote

/** What an Op used, as its caller reported it: the model, tokens, cost, time. An Op can have several; they add up. */
export type UsageEvent = OtherFields & NewUsage

/** A `started` event that can be written. */
export type NewStartedEvent = Readonly<{
  event: 'started'
  invocation_id: OpId
  profile_id: string
  action: string
  request_text: string
  actor: string
  mode_of_work: ModeOfWork
  governance_context_hash: string
  governance_context_available: boolean
  router_confidence?: RouterConfidence
  started_at: string
  mission_id?: string
  wp_id?: string
  model_id?: string
}>

/** A `completed` event that can be written. */
export type NewCompletedEvent = Readonly<{
  event: 'completed'
  invocation_id: OpId
  completed_at: string
  outcome: Outcome
  closed_by: ClosedBy
  evidence_ref?: string
}>

/** An `artifact_link` event that can be written. */
export type NewArtifactLink = Readonly<{
  event: 'artifact_link'
  invocation_id: OpId
  at: string
  kind: string
  ref: string
}>

/** A `commit_link` event that can be written. */
export type NewCommitLink = Readonly<{
  event: 'commit_link'
  invocation_id: OpId
  at: string
  sha: string
}>

/** A `note` event that can be written. */
export type NewNote = Readonly<{
  event: 'note'
  invocation_id: OpId
  at: string
  text: string
}>

/** A `usage` event that can be written. */
export type NewUsage = Readonly<{
  event: 'usage'
  invocation_id: OpId
  at: string
  model?: string
  input_tokens?: number
  output_tokens?: number
  /** In US dollars. */
  cost_usd?: number
  /** The time that the model took, in milliseconds. */
  duration_ms?: number
}>

/** A row of the index: a closed Op in a list. The outcome `unknown` is that of an older record without one. */
export type IndexRow = Readonly<{
  invocation_id: OpId
  profile_id: string
  action: string
  started_at: string
  completed_at: string
  outcome: Outcome | 'unknown'
  mission_id?: string
  wp_id?: string
}>

/** One line of the lifecycle log: an agent started a step of a mission, completed it, or failed. */
export type LifecycleEvent = OtherFields &
  Readonly<{
    agent: string
    at: string
    canonical_action_id: string
    metadata?: unknown
    mission_id: string
    phase: 'started' | 'completed' | 'failed'
    /** `null` if there is none. */
    reason: string | null
    /** `null` if there is none. */
    wp_id: string | null
  }>
