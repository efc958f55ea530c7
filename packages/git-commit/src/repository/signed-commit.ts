import type { CommitResult } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import type { CommitContent } from '../objects/commit.js'

const notSigned = (result: CommitResult): CommitResult => {
  if (result.status !== 'failed') return result
  const code = result.code === 'GIT_TIMED_OUT' ? 'SIGNING_TIMED_OUT' : 'SIGNING_FAILED'
  const hint =
    'Make sure that git can sign here without asking for input, or turn off signing of Op commits.'
  return { ...result, code, hint }
}

type SigningOptions = {
  readonly config: readonly string[]
  readonly timeoutMs: number
  /** Added to git's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Writes a commit that git signs as configured. Returns its id; no ref points to it. */
export const signedCommit = async (
  top: string,
  { tree, parent, message }: CommitContent,
  { config, timeoutMs, env }: SigningOptions,
): Promise<Result<string>> => {
  const parents = parent === undefined ? [] : ['-p', parent]
  const answer = await runGit(top, ['commit-tree', '-S', ...parents, tree], {
    input: message,
    // The message is UTF-8, whatever encoding the user has configured.
    config: [...config, 'i18n.commitEncoding=UTF-8'],
    timeoutMs,
    // The signing program must not prompt at the terminal (`GPG_TTY`), nor outlive the time limit.
    detached: true,
    env: { ...env, GPG_TTY: undefined },
  })
  return answer.ok ? ok(answer.stdout.toString().trim()) : stop(notSigned(failureFromGit(answer)))
}
