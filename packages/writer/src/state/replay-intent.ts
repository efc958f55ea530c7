import { startsWith } from '../fs/bytes.js'
import { appendFile, createFile } from '../fs/durable-file.js'
import { ensureFolder } from '../fs/folder.js'
import { OPS_DIR, recordPath, toAbsolute } from '../project/paths.js'
import { readRecordBytes } from '../records/record-file.js'
import type { CloseIntent } from './intent.js'

/**
 * Replays an intent: appends whatever the record still lacks. A record that is missing on disk is restored only if
 * `mayRecreate` is set, that is, if no commit holds it. Returns the path of the record, or `undefined` if it does
 * not match the intent. Caller must hold the commit lock. Throws what writing throws.
 */
export const replayIntent = async (
  root: string,
  intent: CloseIntent,
  { mayRecreate }: { readonly mayRecreate: boolean },
): Promise<string | undefined> => {
  const path = recordPath(intent.id)
  const file = await readRecordBytes(root, intent.id)
  if (file === undefined) {
    if (!mayRecreate) return undefined
    await ensureFolder(root, OPS_DIR, intent.durability)
    await createFile(toAbsolute(root, path), intent.bytes, intent.durability)
    return path
  }
  // The record may have been archived since; its path there is returned.
  if (file.bytes.equals(intent.bytes)) return file.path
  if (!startsWith(intent.bytes, file.bytes) || file.path !== path) return undefined
  const rest = intent.bytes.subarray(file.bytes.length)
  await appendFile(toAbsolute(root, path), rest, intent.durability)
  return path
}
