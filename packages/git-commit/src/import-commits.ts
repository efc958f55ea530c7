import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CommitResult, WorkTree } from '@kitty/writer'
import { type ImportPlan, importStream } from './fast-import.js'
import { runGit } from './git.js'
import { failure } from './git-failures.js'

export type Imported = {
  /** The ids of the commits, in order. No ref leads to them. */
  readonly ids: readonly string[]
  /** The blob ids that the parent has for the paths looked up; paths it lacks are absent. */
  readonly inParent: ReadonlyMap<string, string>
}

/** `100644 blob <id>\t<path>`, or `missing <path>`. */
const blobIn = (line: string | undefined): string | undefined =>
  /^\d+ blob ([0-9a-f]+)\t/.exec(line ?? '')?.[1]

/** Writes the commits of a plan as objects, and tells what their parent holds. */
export const importCommits = async (
  { top, gitDir }: Pick<WorkTree, 'top' | 'gitDir'>,
  plan: ImportPlan,
  config: readonly string[],
): Promise<Imported | CommitResult> => {
  const answer = await runGit(top, ['fast-import', '--quiet', '--done'], {
    input: importStream(plan),
    config,
  })
  if (!answer.ok) {
    // The importer leaves a report for its authors, one more with each try.
    rmSync(join(gitDir, `fast_import_crash_${answer.pid}`), { force: true })
    return failure(answer)
  }
  const lines = answer.stdout.toString().trim().split('\n')
  const inParent = new Map<string, string>()
  const told = plan.parent === undefined ? [] : plan.lookUp
  for (const [number, path] of told.entries()) {
    const blob = blobIn(lines[number])
    if (blob !== undefined) inParent.set(path, blob)
  }
  return { ids: lines.slice(told.length), inParent }
}
