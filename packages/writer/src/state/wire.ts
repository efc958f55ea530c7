// The wire types of the state folder: what an intent and a start note look like on disk. Their names are snake_case and
// never change without a new file in test/fixtures. `intent.ts` and `start-notes.ts` convert them from and to the
// types that the code uses, whose names are camelCase.

import * as z from 'zod/mini'
import type { CommitResult } from '../ports/commit-strategy.js'

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
  result: z.exactOptional(z.custom<CommitResult>((value) => typeof value === 'object')),
  length: z.number(),
})

export type IntentHeader = z.infer<typeof IntentHeaderSchema>

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
