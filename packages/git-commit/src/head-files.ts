import { runGit } from './git.js'
import { failure } from './git-failures.js'
import type { CommitResult } from '@kitty/writer'

/** What HEAD holds: its commit, and the blob id of each path asked for. */
export type HeadFiles = {
  /** Undefined on an unborn branch. */
  readonly commit: string | undefined
  readonly blobs: ReadonlyMap<string, string>
}

const idOf = (line: string | undefined): string | undefined => {
  const [id, type] = (line ?? '').split(' ')
  return type === 'commit' || type === 'blob' ? id : undefined
}

/** Reads HEAD once: `paths` are relative to the top, with `/`. */
export const readHeadFiles = async (
  top: string,
  paths: readonly string[],
): Promise<HeadFiles | CommitResult> => {
  const names = ['HEAD', ...paths.map((path) => `HEAD:${path}`)]
  const answer = await runGit(top, ['cat-file', '--batch-check'], { input: `${names.join('\n')}\n` })
  if (!answer.ok) return failure(answer)
  const [head, ...rest] = answer.stdout.toString().split('\n')
  const blobs = new Map<string, string>()
  paths.forEach((path, position) => {
    const id = idOf(rest[position])
    if (id !== undefined) blobs.set(path, id)
  })
  return { commit: idOf(head), blobs }
}
