// Why a ledger of the server was left out, for people.

import type { SkippedLedger } from './sync-result.js'

export const older = (ref: string): SkippedLedger => ({
  ref,
  reason: 'older',
  message: `The server has less of ${ref} than this clone fetched from it, as after a backup was restored. What is here stays.`,
  hint: 'Nothing to do: the clone that writes it publishes the rest with its next sync.',
})

export const rewritten = (ref: string, local: string): SkippedLedger => ({
  ref,
  reason: 'rewritten',
  message: `${ref} on the server no longer contains what this clone fetched from it. What is here stays, and nothing was fetched.`,
  hint: `Ask who writes it. If records were erased on purpose, delete the copy here, then sync again: git update-ref -d ${local}`,
})

export const damaged = (ref: string, words: string): SkippedLedger => ({
  ref,
  reason: 'damaged',
  message: `git refuses what the server has under ${ref}: ${words}`,
  hint: `Ask who writes it. To take it off the server: git push REMOTE --delete ${ref}`,
})

export const brokenOff = (ref: string, words: string): SkippedLedger => ({
  ref,
  reason: 'broken-off',
  message: `The server could not send ${ref}: ${words}`,
  hint: 'Try again. If only this ref fails, it is damaged on the server: git fsck there.',
})

export const notHere = (ref: string, broken: string): SkippedLedger => ({
  ref,
  reason: 'damaged',
  message: `git fetches nothing here, because ${broken} of this clone is damaged.`,
  hint: 'Fix that ref first: with the doctor if it is a ledger, otherwise see git fsck.',
})

export const noLedger = (ref: string): SkippedLedger => ({
  ref,
  reason: 'damaged',
  message: `${ref} on the server is not a ledger: it does not point to a commit. It was left out.`,
  hint: `Ask who pushed it. To take it off the server: git push REMOTE --delete ${ref}`,
})
