import { parseOpRecord } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { toTopPath } from '../git/paths.js'
import { blobId } from '../objects/object.js'
import type { FileChange } from '../objects/tree-editor.js'
import { blobAt } from '../repository/head-tree.js'
import { objectReader } from '../repository/object-reader.js'
import type { PlannedRequest } from './planned-request.js'
import { recordPathsOf } from './record-places.js'
import type { RepoState } from './repo-state.js'

const closedInHead = (path: string, place: string): CommitResult => ({
  status: 'refused',
  code: 'CLOSED_IN_HEAD',
  message: `HEAD has ${path} as closed, with different content; a closed record never changes.`,
  hint: `Restore the committed version: git checkout HEAD -- ${place}`,
})

const checkClosedInHead = async (
  change: Extract<FileChange, { kind: 'write' }>,
  { workTree, head, repoConfig }: RepoState,
): Promise<CommitResult | undefined> => {
  for (const place of recordPathsOf(change, workTree.prefix)) {
    const path = toTopPath(workTree.prefix, place)
    const blob = blobAt(head, path)
    if (blob === undefined || blob === blobId(change.bytes, repoConfig.objectFormat)) continue
    const found = await objectReader(workTree)([blob])
    if (!found.ok) return found.result
    const { status } = parseOpRecord(found.value.get(blob)?.bytes ?? new Uint8Array())
    if (status === 'closed') return closedInHead(path, place)
  }
  return undefined
}

/** Refuses a request that would change a record that HEAD holds closed. Reads only those records from HEAD. */
export const refuseClosedInHead = async (
  { needed, extras }: PlannedRequest,
  repo: RepoState,
): Promise<CommitResult | undefined> => {
  for (const change of [...needed, ...extras]) {
    const refused = change.kind === 'write' ? await checkClosedInHead(change, repo) : undefined
    if (refused !== undefined) return refused
  }
  return undefined
}
