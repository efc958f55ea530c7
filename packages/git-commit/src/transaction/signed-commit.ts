import type { CommitResult } from '@kitty/writer'
import { failure } from '../git/failures.js'
import { runGit } from '../git/run-git.js'
import type { Group } from './commit-set.js'
import type { CommitContent } from './write-commits.js'

/** Whether the commits of a strategy are signed: as `commit.gpgSign` says, never, or always. */
export type Signing = 'auto' | 'never' | 'always'

/** As git reads a setting that is on or off: any number but zero is on. */
const ON = /^(?:true|yes|on|[+-]?0*[1-9]\d*)$/i

export const isToSign = (signing: Signing, config: ReadonlyMap<string, string>): boolean =>
  signing === 'always' || (signing === 'auto' && ON.test(config.get('commit.gpgsign') ?? ''))

const notSigned = (result: CommitResult): CommitResult => {
  if (result.status !== 'failed') return result
  const code = result.code === 'GIT_TIMED_OUT' ? 'SIGNING_TIMED_OUT' : 'SIGNING_FAILED'
  const hint =
    'See that git can sign a commit without asking for anything here; or turn signing of Op commits off.'
  return { ...result, code, hint }
}

/** A commit that git signs as it is configured, as an object that no ref leads to; its id. */
export const signedCommit = async (
  { at: { state }, config, signTimeoutMs }: Group,
  { tree, parent, message }: CommitContent,
): Promise<string | CommitResult> => {
  const parents = parent === undefined ? [] : ['-p', parent]
  const answer = await runGit(state.top, ['commit-tree', '-S', ...parents, tree], {
    input: message,
    // Our messages are UTF-8, whatever the user writes in.
    config: [...config, 'i18n.commitEncoding=UTF-8'],
    timeoutMs: signTimeoutMs,
    // Who signs must neither ask at the terminal, which GPG_TTY names, nor outlive its time.
    detached: true,
    env: { GPG_TTY: undefined },
  })
  return answer.ok ? answer.stdout.toString().trim() : notSigned(failure(answer))
}
