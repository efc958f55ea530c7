import { parseBatch } from './cat-file.js'
import { runGit } from './git.js'
import type { HistoryPlace } from './history-place.js'

// Enough to make starting git cheap, few enough to hold little in memory.
const AT_ONCE = 500

/**
 * The contents of blobs, one after the other, also where there is no work tree. One that is not in this
 * clone is left out; nothing is fetched. Throws KittyError `GIT_NOT_STARTED`.
 */
export async function* blobsOf(
  { cwd }: HistoryPlace,
  ids: readonly string[],
): AsyncGenerator<{ readonly id: string; readonly bytes: Buffer }> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const input = ids.slice(from, from + AT_ONCE).map((id) => `${id}\n`)
    const answer = await runGit(cwd, ['cat-file', '--batch'], { input: input.join('') })
    for (const { id, type, bytes } of parseBatch(answer.stdout).values()) {
      if (type === 'blob') yield { id, bytes }
    }
  }
}
