import { newOpId } from '@kitty/record'
import { closedRecordText, type Repository } from '@kitty/test-kit'
import type { CommitRequest } from '@kitty/writer'

/** A request with paths that need not exist; its message distinguishes it from others. */
export const requestFor = (
  root: string,
  write: readonly string[] = ['kitty-ops/a.jsonl'],
  changes: Partial<CommitRequest> = {},
): CommitRequest => ({
  kind: 'op',
  root,
  message: `op: ${write.join(' ')}\n`,
  write,
  remove: [],
  ...changes,
})

/** Writes a closed record; returns the request to commit it. */
export const opRequest = async (repository: Repository): Promise<CommitRequest> => {
  const id = newOpId()
  const path = `kitty-ops/${id}.jsonl`
  await repository.write(path, closedRecordText({ id }))
  return requestFor(repository.path, [path])
}
