import type { CommitResult } from '@kitty/writer'
import { expect } from 'vitest'
import { type SafeCommitGuardOptions, safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { recordingStrategy } from './recording-strategy.js'
import type { Rooted } from './requests.js'

/** A complete refusal. */
export const refused = (code: string) => ({
  status: 'refused',
  code,
  message: expect.stringMatching(/.\.$/s),
  hint: expect.stringMatching(/./),
})

/** The first result of a guard, and whether the inner strategy was called. */
export const guarded = async (
  requests: readonly Rooted[],
  options: SafeCommitGuardOptions = {},
): Promise<{ result: CommitResult | undefined; asked: boolean }> => {
  const inner = recordingStrategy(true)
  const [result] = await safeCommitGuard(inner, options).commit(requests[0]?.root ?? '', requests)
  return { result, asked: inner.calls.length > 0 }
}
