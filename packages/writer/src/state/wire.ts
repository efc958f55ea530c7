// The wire types of the state folder: what an intent and a start note look like on disk. Their names are snake_case and
// never change without a new file in test/fixtures. `intent.ts` and `start-notes.ts` convert them from and to the
// types that the code uses, whose names are camelCase.

import * as z from 'zod/mini'
import type { CommitResult } from '../ports/commit-strategy.js'
import { RESULT_TEXTS } from '../ports/result-texts.js'

const Text = z.exactOptional(z.string())

/** The first line of an intent's file; the closed record follows. */
export const IntentHeaderSchema = z.object({
  /** Empty if no process waits for the result. */
  owner: z.string(),
  at: z.number(),
  strategy: z.string(),
  options: z.string(),
  durability: z.enum(['power', 'process']),
  evidence: z.readonly(z.array(z.string())),
  died: z.exactOptional(z.object({ owner: z.string(), at: z.number() })),
  result: z.optional(z.unknown()),
  length: z.number(),
})

export type IntentHeader = z.infer<typeof IntentHeaderSchema>

/** A failure of the ledger has no code. */
const LEDGER_TEXTS: typeof RESULT_TEXTS = new Map([...RESULT_TEXTS, ['failed', ['message']]])

const isResult = (
  value: unknown,
  textsOf: typeof RESULT_TEXTS,
): value is { readonly ledger?: unknown } => {
  if (typeof value !== 'object' || value === null) return false
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const texts = textsOf.get(fields.status)
  const { hint = '', notes = [] } = fields
  const isSound = texts?.every((name) => typeof fields[name] === 'string') === true
  return isSound && typeof hint === 'string' && Array.isArray(notes)
}

/** Whether a value is a result as this version stores it. */
export const isCommitResult = (value: unknown): value is CommitResult =>
  isResult(value, RESULT_TEXTS) &&
  (value.ledger === undefined || isResult(value.ledger, LEDGER_TEXTS))

/** The file of a start note. */
export const StartNoteSchema = z.object({
  line: z.string(),
  opener: Text,
  command: z.exactOptional(z.boolean()),
  session: Text,
  opened_by: Text,
  head: Text,
  left: z.exactOptional(z.object({ at: z.string(), reason: Text })),
})

export type StartNoteFile = z.infer<typeof StartNoteSchema>
