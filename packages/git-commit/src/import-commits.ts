import type { CommitResult } from '@kitty/writer'
import { type ImportPlan, importStream } from './fast-import.js'
import { runGit } from './git.js'
import { failure } from './git-failures.js'

/** Writes the commits of a plan as objects, with no ref to them, and tells their ids in order. */
export const importCommits = async (
  top: string,
  plan: ImportPlan,
  config: readonly string[],
): Promise<readonly string[] | CommitResult> => {
  const answer = await runGit(top, ['fast-import', '--quiet', '--done'], {
    input: importStream(plan),
    config,
  })
  if (!answer.ok) return failure(answer)
  return answer.stdout.toString().trim().split('\n')
}
