import { startsWith } from '../fs/bytes.js'
import { appendFile, createFile } from '../fs/durable-file.js'
import { ensureFolder } from '../fs/folder.js'
import { OPS_DIR, recordPath, toAbsolute } from '../project/paths.js'
import { readRecordBytes } from '../records/record-file.js'
import type { CloseIntent } from './intent.js'

/**
 * Finishes a close that a crash cut off: what the mark holds and the record lacks is written. Gives
 * the path of the record when it is now as the mark says. One that is gone from disk is written anew only
 * where it is known to be nowhere else (`mayRecreate`). Whoever calls holds the commit lock.
 */
export const replayIntent = async (
  root: string,
  intent: CloseIntent,
  { mayRecreate }: { readonly mayRecreate: boolean },
): Promise<string | undefined> => {
  const path = recordPath(intent.invocation_id)
  const file = await readRecordBytes(root, intent.invocation_id)
  if (file === undefined) {
    if (!mayRecreate) return undefined
    await ensureFolder(root, OPS_DIR, intent.durability)
    await createFile(toAbsolute(root, path), intent.bytes, intent.durability)
    return path
  }
  // Somebody may have archived it since; then it is asked for where it lies.
  if (file.bytes.equals(intent.bytes)) return file.path
  if (!startsWith(intent.bytes, file.bytes) || file.path !== path) return undefined
  const rest = intent.bytes.subarray(file.bytes.length)
  await appendFile(toAbsolute(root, path), rest, intent.durability)
  return path
}
