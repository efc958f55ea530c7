import { startsWith } from '../fs/bytes.js'
import { appendWhole, createExclusive } from '../fs/durable-file.js'
import { ensureFolder } from '../fs/folder.js'
import { OPS_DIR, recordPath, toAbsolute } from '../project/paths.js'
import { readRecordBytes } from '../records/record-file.js'
import type { Mark } from './intent.js'

/**
 * Finishes a close that a crash cut off: what the mark holds and the record lacks is written. Gives
 * the path of the record when it is now as the mark says. One that is gone from disk is written anew only
 * where it is known to be nowhere else (`mayRecreate`). Whoever calls holds the commit lock.
 */
export const finishClose = async (
  root: string,
  mark: Mark,
  { mayRecreate }: { readonly mayRecreate: boolean },
): Promise<string | undefined> => {
  const path = recordPath(mark.invocation_id)
  const file = await readRecordBytes(root, mark.invocation_id)
  if (file === undefined) {
    if (!mayRecreate) return undefined
    await ensureFolder(root, OPS_DIR, mark.durability)
    await createExclusive(toAbsolute(root, path), mark.bytes, mark.durability)
    return path
  }
  // Somebody may have archived it since; then it is asked for where it lies.
  if (file.bytes.equals(mark.bytes)) return file.path
  if (!startsWith(mark.bytes, file.bytes) || file.path !== path) return undefined
  const rest = mark.bytes.subarray(file.bytes.length)
  await appendWhole(toAbsolute(root, path), rest, mark.durability)
  return path
}
