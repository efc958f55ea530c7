import { type AnswerEnds, askGit } from '../git/ask-git.js'
import { gitBytes, gitError } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import type { GitObject } from './object.js'

/** What `cat-file` prints of an object before its bytes. */
export type ObjectHeader = Pick<GitObject, 'id' | 'type'> & { readonly size: number }

type ReadObject = GitObject & { readonly bytes: Buffer }

const HEADER = /^([0-9a-f]+) (blob|tree|commit) (\d+)$/

const headerIn = (line: string): ObjectHeader | undefined => {
  const [, id, type, size] = HEADER.exec(line) ?? []
  if (id === undefined) return undefined
  return { id, type: type === 'blob' || type === 'tree' ? type : 'commit', size: Number(size) }
}

/** Parses the output of `cat-file --batch-check`: one header per line. Leaves out `<id> missing`. */
const parseHeaders = (output: Buffer): ReadonlyMap<string, ObjectHeader> => {
  const headers = output.toString('latin1').split('\n').map(headerIn)
  return new Map(headers.flatMap((header) => (header ? [[header.id, header] as const] : [])))
}

const TAG = /^[0-9a-f]+ tag (\d+)$/

/**
 * Parses the output of `cat-file --batch`: for each object a header, its bytes and a line feed. Leaves out the line
 * `<id> missing`, tags, and an object that is cut off because git died.
 */
export const parseBatch = (output: Buffer): ReadonlyMap<string, ReadObject> => {
  const objects = new Map<string, ReadObject>()
  for (let at = 0, end = output.indexOf('\n'); end >= 0; end = output.indexOf('\n', at)) {
    const line = output.toString('latin1', at, end)
    const header = headerIn(line)
    at = end + 1
    if (header === undefined) {
      // The text of a tag can look like other objects.
      const [, tagSize] = TAG.exec(line) ?? []
      if (tagSize !== undefined) at += Number(tagSize) + 1
      continue
    }
    const { id, type, size } = header
    if (at + size >= output.length) break
    objects.set(id, { id, type, bytes: output.subarray(at, at + size) })
    at += size + 1
  }
  return objects
}

const WHAT = { what: 'read its objects' }

const linesOf = (ids: readonly string[]): string => ids.map((id) => `${id}\n`).join('')

/** Git reports an object that it cannot read as missing, too, but with a complaint like this. */
const COMPLAINT = /^error: /m

/**
 * Returns those of the ids whose objects this clone has. `rev-list` can be told not to fetch; `cat-file` cannot
 * before 2.45, and stops at the first object that a partial clone lacks.
 */
const among = async (cwd: string, ids: readonly string[]): Promise<readonly string[]> => {
  const args = ['--objects', '--no-walk', '--missing=allow-any', '--ignore-missing', '--stdin']
  const answer = await runGit(cwd, ['rev-list', ...args], { input: linesOf(ids) })
  if (!answer.ok || COMPLAINT.test(answer.stderr)) throw gitError(WHAT, answer)
  const here = new Set(answer.stdout.toString('latin1').split(/[ \n]/))
  return ids.filter((id) => here.has(id))
}

type Mode = '--batch' | '--batch-check'

const runCatFile = async <T>(
  cwd: string,
  mode: Mode,
  ids: readonly string[],
  parse: (output: Buffer) => ReadonlyMap<string, T>,
): Promise<ReadonlyMap<string, T>> => {
  const args = ['cat-file', '--buffer', mode]
  const answer = await runGit(cwd, args, { input: linesOf(ids) })
  if (!answer.ok) {
    const input = linesOf(await among(cwd, ids))
    return parse(await gitBytes(cwd, args, { ...WHAT, input }))
  }
  const found = parse(answer.stdout)
  if (found.size < ids.length && COMPLAINT.test(answer.stderr)) throw gitError(WHAT, answer)
  return found
}

/**
 * Returns the objects with these ids, each complete. Leaves out objects that are not in this clone; fetches
 * nothing.
 *
 * @throws KittyError `GIT_FAILED` if one is damaged, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const readObjects = (cwd: string, ids: Iterable<string>) =>
  runCatFile(cwd, '--batch', [...new Set(ids)], parseBatch)

/** Returns the headers of the objects with these ids. Leaves out and throws like `readObjects`. */
export const readObjectHeaders = (cwd: string, ids: Iterable<string>) =>
  runCatFile(cwd, '--batch-check', [...new Set(ids)], parseHeaders)

/** Returns a function that finds the end of the answers of `cat-file` to a number of ids, piece by piece. */
const endOfAnswers = (count: number, hasBytes: boolean): AnswerEnds => {
  let [left, skip, line] = [count, 0, '']
  return (piece) => {
    let at = 0
    while (at < piece.length) {
      const rest = piece.length - at
      if (skip >= rest) {
        skip -= rest
        break
      }
      at += skip
      skip = 0
      const end = piece.indexOf('\n', at)
      line += piece.toString('latin1', at, end < 0 ? piece.length : end)
      if (end < 0) break
      at = end + 1
      left -= 1
      const [, size] = / (\d+)$/.exec(line) ?? []
      if (hasBytes && size !== undefined) skip = Number(size) + 1
      line = ''
    }
    return left === 0 && skip === 0
  }
}

/** Above this number of ids, a process of its own that collects its output is faster. */
const FEW = 1_000

/** Reads objects in several steps, with one process of git for the headers and one for the objects. */
export type BatchReader = {
  readonly headers: (ids: Iterable<string>) => Promise<ReadonlyMap<string, ObjectHeader>>
  readonly objects: (ids: Iterable<string>) => Promise<ReadonlyMap<string, ReadObject>>
}

/** Returns a reader of a clone's objects. It leaves out and throws like `readObjects`. */
export const batchReader = (cwd: string): BatchReader => {
  const reading = <T>(mode: Mode, parse: (output: Buffer) => ReadonlyMap<string, T>) => {
    const ask = askGit(cwd, ['cat-file', mode])
    return async (wanted: Iterable<string>): Promise<ReadonlyMap<string, T>> => {
      const ids = [...new Set(wanted)]
      if (ids.length === 0) return new Map()
      if (ids.length <= FEW) {
        const answer = await ask(linesOf(ids), endOfAnswers(ids.length, mode === '--batch'))
        const found = answer === undefined ? new Map<string, T>() : parse(answer)
        if (found.size === ids.length) return found
      }
      return runCatFile(cwd, mode, ids, parse)
    }
  }
  return {
    headers: reading('--batch-check', parseHeaders),
    objects: reading('--batch', parseBatch),
  }
}
