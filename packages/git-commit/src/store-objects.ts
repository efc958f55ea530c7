import type { CommitResult, Durability, WorkTree } from '@kitty/writer'
import { runGit } from './git.js'
import { failure } from './git-failures.js'
import type { GitObject } from './git-object.js'
import { writeLoose } from './loose-objects.js'
import { packOf } from './pack.js'

/** So many objects lie in files of their own; more come in one pack. Git's own importers do the same. */
const MOST_LOOSE = 100

const storePack = async (
  { top }: WorkTree,
  objects: readonly GitObject[],
  config: readonly string[],
): Promise<CommitResult | undefined> => {
  const answer = await runGit(top, ['index-pack', '--stdin'], { input: packOf(objects), config })
  return answer.ok ? undefined : failure(answer)
}

/**
 * Makes objects part of the repository; undefined when that is done. No ref leads to them yet. Throws
 * what the file system throws.
 */
export const storeObjects = async (
  tree: WorkTree,
  objects: readonly GitObject[],
  { durability, config }: { durability: Durability; config: readonly string[] },
): Promise<CommitResult | undefined> => {
  if (objects.length > MOST_LOOSE) return storePack(tree, objects, config)
  const writes = objects.map((object) => writeLoose(tree.commonDir, object, durability))
  // All are waited for, also when one fails: nothing is to be written behind the caller's back.
  const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return undefined
}
