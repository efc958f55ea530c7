import { askForBytes, gitFailed } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { parseBatch, parseHeaders } from './cat-file.js'

const WHAT = { what: 'read what it has' }

const linesOf = (ids: readonly string[]): string => ids.map((id) => `${id}\n`).join('')

/** An object that is there and cannot be read is called missing too, with such a complaint. */
const COMPLAINT = /^error: /m

/**
 * Those of some objects that this clone has. Here git can be told not to fetch; its `cat-file` cannot be
 * before 2.45, and ends at the first object that a partial clone lacks.
 */
const among = async (cwd: string, ids: readonly string[]): Promise<readonly string[]> => {
  const args = ['--objects', '--no-walk', '--missing=allow-any', '--ignore-missing', '--stdin']
  const answer = await runGit(cwd, ['rev-list', ...args], { input: linesOf(ids) })
  if (!answer.ok || COMPLAINT.test(answer.stderr)) throw gitFailed(WHAT, answer)
  const here = new Set(answer.stdout.toString('latin1').split(/[ \n]/))
  return ids.filter((id) => here.has(id))
}

const askCatFile = async <T>(
  cwd: string,
  mode: '--batch' | '--batch-check',
  wanted: Iterable<string>,
  parse: (output: Buffer) => ReadonlyMap<string, T>,
): Promise<ReadonlyMap<string, T>> => {
  const ids = [...new Set(wanted)]
  const answer = await runGit(cwd, ['cat-file', mode], { input: linesOf(ids) })
  if (!answer.ok) {
    const input = linesOf(await among(cwd, ids))
    return parse(await askForBytes(cwd, ['cat-file', mode], { ...WHAT, input }))
  }
  const found = parse(answer.stdout)
  if (found.size < ids.length && COMPLAINT.test(answer.stderr)) throw gitFailed(WHAT, answer)
  return found
}

/**
 * The objects with these ids, each whole. One that is not in this clone is left out; nothing is fetched.
 *
 * @throws KittyError `GIT_FAILED` where one is damaged, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const objectsHere = (cwd: string, ids: Iterable<string>) =>
  askCatFile(cwd, '--batch', ids, parseBatch)

/** The same without their bytes, of which it tells how many they are. */
export const headersHere = (cwd: string, ids: Iterable<string>) =>
  askCatFile(cwd, '--batch-check', ids, parseHeaders)
