import type { CommitResult, Durability } from '@kitty/writer'
import type { WorkTree } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { runGit } from '../git/run-git.js'
import { writeLoose } from './loose.js'
import type { GitObject } from './object.js'
import { packOf } from './pack.js'

type StoreOptions = { readonly durability: Durability; readonly config: readonly string[] }

/** Up to this many objects are stored in files of their own, more in one pack. Git's own importers do the same. */
const MAX_LOOSE_OBJECTS = 100

/** An Op adds a record, two folders and a commit. */
const OBJECTS_PER_OP = 4

/** Whether the objects of this many Ops are stored in a pack. */
export const needsPack = (ops: number): boolean => ops * OBJECTS_PER_OP > MAX_LOOSE_OBJECTS

const storePack = async (
  { top }: WorkTree,
  objects: readonly GitObject[],
  config: readonly string[],
): Promise<CommitResult | undefined> => {
  const answer = await runGit(top, ['index-pack', '--stdin'], { input: packOf(objects), config })
  return answer.ok ? undefined : failureFromGit(answer)
}

const storeLoose = async (
  { commonDir }: WorkTree,
  objects: readonly GitObject[],
  { durability }: StoreOptions,
): Promise<void> => {
  const writes = objects.map((object) => writeLoose(commonDir, object, durability))
  // Wait for all even if one fails, so that nothing is written after this returns.
  const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/**
 * Stores objects in the repository. Returns the failure, or `undefined` on success. No ref points to them yet.
 * Throws file system errors.
 */
export const storeObjects = async (
  tree: WorkTree,
  objects: readonly GitObject[],
  options: StoreOptions,
): Promise<CommitResult | undefined> => {
  if (objects.length > MAX_LOOSE_OBJECTS) return storePack(tree, objects, options.config)
  await storeLoose(tree, objects, options)
  return undefined
}
