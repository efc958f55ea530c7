import { newOpId, parseOpRecord } from '@kitty/record'
import { closedRecordText, type Repository } from '@kitty/test-kit'
import type { CommitRequest } from '@kitty/writer'

type RequestOf<Kind extends CommitRequest['kind']> = CommitRequest & { readonly kind: Kind }

export type OpRequest = RequestOf<'op'>

/** A request, and the project root that it belongs to. */
export type Rooted<Request extends CommitRequest = CommitRequest> = Request & {
  readonly root: string
}

/** The record of an Op's request: the bytes that were just read, and what they parse to. */
export const recordOf = (path: string, text: string): OpRequest['record'] => {
  const bytes = Buffer.from(text)
  return { path, bytes, parsed: parseOpRecord(bytes) }
}

/** A request with paths that need not exist, the record first; its message distinguishes it from others. */
export const requestFor = (
  root: string,
  [path = '', ...extras]: readonly string[] = ['kitty-ops/a.jsonl'],
  changes: Partial<OpRequest> = {},
): Rooted<OpRequest> => ({
  kind: 'op',
  root,
  message: `op: ${[path, ...extras].join(' ')}\n`,
  record: recordOf(path, closedRecordText()),
  extras,
  ...changes,
})

/** A request to archive one file, or none. */
export const archiveRequest = (
  root: string,
  ...moves: RequestOf<'archive'>['moves']
): Rooted<RequestOf<'archive'>> => ({ kind: 'archive', root, message: 'archive\n', moves })

/** Writes a closed record; returns the request to commit it. */
export const opRequest = async (repository: Repository): Promise<Rooted<OpRequest>> => {
  const id = newOpId()
  const path = `kitty-ops/${id}.jsonl`
  const text = closedRecordText({ id })
  await repository.write(path, text)
  return requestFor(repository.path, [path], { record: recordOf(path, text) })
}
