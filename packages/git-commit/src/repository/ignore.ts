import type { CommitResult } from '@kitty/writer'
import { failure } from '../git/failures.js'
import { UNMONITORED } from '../git/git-settings.js'
import { runGit } from '../git/run-git.js'

/** The rule that makes git ignore a path. */
export type IgnoreRule = {
  readonly source: string
  readonly line: number
  readonly pattern: string
}

const NOTHING_IGNORED = 1

const HERE = './'

/** The ignored ones among `paths` (relative to the top, not tracked), each with the rule that does it. */
export const findIgnored = async (
  top: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule> | CommitResult> => {
  const answer = await runGit(top, ['check-ignore', '-v', '-z', '--stdin'], {
    // This command cannot do without pathspec magic, which begins with a colon; so no path does.
    input: paths.map((path) => `${HERE}${path}\0`).join(''),
    env: { GIT_LITERAL_PATHSPECS: '0' },
    config: UNMONITORED,
  })
  if (!answer.ok && answer.exitCode !== NOTHING_IGNORED) return failure(answer)
  const fields = answer.stdout.toString().split('\0')
  const rules = new Map<string, IgnoreRule>()
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4)
    // A negated pattern is reported too, and means that the path is not ignored.
    if (pattern.startsWith('!')) continue
    rules.set(path.slice(HERE.length), { source, line: Number(line), pattern })
  }
  return rules
}

/** The answer for a record that git ignores: it is never forced in. */
export const ignoredResult = (path: string, rule: IgnoreRule): CommitResult => ({
  status: 'deferred',
  reason: 'ignored',
  message: `git ignores ${path} because of "${rule.pattern}" in ${rule.source}, line ${rule.line}.`,
  hint: 'Remove or narrow that rule; then the next completion commits the Op.',
})
