import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import type { WorkTree } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { parseBatch } from '../objects/cat-file.js'
import { readLoose } from '../objects/loose.js'
import type { GitObject } from '../objects/object.js'
import { packedRefs } from './head.js'

/** Returns objects by id. Stops if they cannot be read. */
export type ObjectReader = (
  ids: readonly string[],
) => Promise<Result<ReadonlyMap<string, GitObject>>>

/** Whether only git knows what an id means: objects can be replaced, or refs are in a database. */
const onlyGitKnows = ({ commonDir }: WorkTree): boolean =>
  existsSync(join(commonDir, 'refs', 'replace')) ||
  existsSync(join(commonDir, 'reftable')) ||
  packedRefs(commonDir).includes(' refs/replace/')

const notHere = (id: string): CommitResult => ({
  status: 'deferred',
  reason: 'objects-missing',
  message: `This clone lacks the object ${id}, which a commit must build on.`,
  hint: 'Fetch the missing objects: git fetch --refetch --no-filter',
})

const ask = async (
  { top }: WorkTree,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, GitObject>>> => {
  const input = ids.map((id) => `${id}\n`).join('')
  const answer = await runGit(top, ['cat-file', '--batch'], { input })
  if (!answer.ok) return stop(failureFromGit(answer))
  const found = parseBatch(answer.stdout)
  const missing = ids.find((id) => !found.has(id))
  return missing === undefined ? ok(found) : stop(notHere(missing))
}

/**
 * Creates a reader for a few objects. Reads new objects from files of their own, which saves a process, and asks
 * git for the others. Fetches nothing.
 */
export const objectReader = (tree: WorkTree): ObjectReader => {
  const askAlways = onlyGitKnows(tree)
  return async (ids) => {
    const loose = askAlways ? [] : ids.map((id) => readLoose(tree.commonDir, id))
    const found = new Map(loose.flatMap((object) => (object ? [[object.id, object]] : [])))
    const others = ids.filter((id) => !found.has(id))
    if (others.length === 0) return ok(found)
    const asked = await ask(tree, others)
    return asked.ok ? ok(new Map([...found, ...asked.value])) : asked
  }
}
