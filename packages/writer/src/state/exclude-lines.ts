// The lines in `info/exclude` that keep uncommitted records out of `git status`, `git add -A`, `git stash -u` and
// `git clean`: one exact line for a record, `/<prefix>kitty-ops/<op>.jsonl`.
//
//   start             hides the record, after the start note and before the record is written
//   close             shows it before the strategy runs, so that for every strategy it is an ordinary file
//   not committed     hides it again; its intent holds the bytes
//
// A line exists only while the bytes of its record are also held in the git directory: git overwrites and deletes
// ignored files without asking. A crash leaves a line too many or too few, which changes nothing but visibility.
//
// The file belongs to the user, can be a symbolic link, and other programs append to it. So it is never replaced: a
// line is appended with one write, and taken out in place by turning its `/` into `#`. A line of the same length uses
// such a slot again.
//
// One more line, always the same, hides the index (`ops-index.jsonl`) where it is a local cache. Git overwrites the
// hidden file when it checks out a branch that tracks it; without the line, it would refuse the checkout.
//
// Where no record is committed to a branch (the home of the strategy is `ref`), one line hides all records of a root.
//
// Limits: at most 64 lines for records, because git compares each with every untracked file; then those of records that are on no
// disk make room (exclude-room.ts), and further records stay visible. A file
// that cannot be written, or belongs to another user, is left alone. Nothing here ever fails an Op.

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { KittyError, type OpId, parseOpId } from '@kitty/record'
import { errnoOf, ignoreErrno } from '../fs/errors.js'
import { isShared, shareLikeGit } from '../fs/shared-repository.js'
import type { LockPaths } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import type { WorkTree } from '../project/git-dir.js'
import { INDEX_PATH, OPS_DIR, recordPath } from '../project/paths.js'
import { prefixOf, type StateLocation, sharedFolderOf } from '../project/state-dir.js'

/** More lines than this would slow git down. */
const MAX_LINES = 64

/** How long to wait for another process that changes the file, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000

const [SHOWN, HIDDEN] = ['#', '/']

/** A line of this software, hidden or a free slot, for whatever root; and the id in it. */
const RECORD_NAME = /^[/#](?:.*\/)?kitty-ops\/([0-7][0-9A-HJKMNP-TV-Z]{25})\.jsonl\r?$/

/** In a pattern, a backslash takes the meaning from these characters. A line feed cannot be written: `?` matches it. */
const escapePattern = (path: string): string =>
  path.replace(/[\\*?[\]]/g, '\\$&').replace(/[\r\n]/g, '?')

const patternFor = (prefix: string, path: string): string => {
  // On macOS, git compares composed names.
  const name = process.platform === 'darwin' ? prefix.normalize('NFC') : prefix
  return `${HIDDEN}${escapePattern(name === '' ? '' : `${name}/`)}${path}`
}

/** The pattern that matches a record and nothing else. */
export const excludePattern = (prefix: string, id: OpId): string =>
  patternFor(prefix, recordPath(id))

/** The pattern that matches the index and nothing else. */
export const indexExcludePattern = (prefix: string): string => patternFor(prefix, INDEX_PATH)

/** The pattern that matches every record of a root and nothing else, except records in the archive. */
const allRecordsPattern = (prefix: string): string =>
  `${patternFor(prefix, `${OPS_DIR}/`)}[0-7]${'?'.repeat(25)}.jsonl`

type Line = { readonly at: number; readonly text: string; readonly bytes: number }

/** Returns the line that starts here. */
const lineAt = (content: Buffer, at: number): Line => {
  const end = content.indexOf('\n', at)
  const to = end < 0 ? content.length : end
  return { at, text: content.toString('utf8', at, to), bytes: to - at }
}

const linesOf = (content: Buffer): readonly Line[] => {
  const lines: Line[] = []
  for (let at = 0; at < content.length; at += (lines.at(-1)?.bytes ?? 0) + 1) {
    lines.push(lineAt(content, at))
  }
  return lines
}

/** Returns the lines that contain a text. Reads no others, since there can be many. */
const linesWith = (content: Buffer, text: string): readonly Line[] => {
  const lines: Line[] = []
  for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at)) {
    const line = lineAt(content, content.lastIndexOf('\n', at) + 1)
    lines.push(line)
    at = line.at + line.bytes
  }
  return lines
}

/** Whether a line is this pattern, or with `SHOWN` the slot of it. */
const isLine = ({ text }: Line, pattern: string, mark = HIDDEN): boolean =>
  text.replace(/\r$/, '') === `${mark}${pattern.slice(1)}`

/** Opens the file. Returns `undefined` if it belongs to another user, unless users share the repository. */
const openOwn = (path: string, flags: number): number | undefined => {
  const file = openSync(path, flags, 0o666)
  const user = process.geteuid?.()
  if (user === undefined || fstatSync(file).uid === user || isShared(path)) return file
  closeSync(file)
  return undefined
}

const writeAt = (path: string, at: number | undefined, text: string): void => {
  const { O_RDWR, O_WRONLY, O_APPEND, O_CREAT } = constants
  const isNew = !existsSync(path)
  const file = openOwn(path, at === undefined ? O_WRONLY | O_APPEND | O_CREAT : O_RDWR)
  if (file === undefined) return
  try {
    if (isNew) shareLikeGit(path)
    writeSync(file, text, at)
  } finally {
    closeSync(file)
  }
}

const contentOf = (path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** The file of exclude rules that all work trees of a repository share. */
export const excludePathOf = (commonDir: string): string => join(commonDir, 'info', 'exclude')

const idIn = (text: string): OpId => parseOpId(RECORD_NAME.exec(text)?.[1] ?? '')

const hideIn = (commonDir: string, pattern: string): void => {
  const path = excludePathOf(commonDir)
  const content = contentOf(path)
  if (linesWith(content, pattern).some((line) => isLine(line, pattern))) return
  const lines = linesOf(content)
  const own = lines.filter(({ text }) => RECORD_NAME.test(text))
  const hidden = own.filter(({ text }) => text.startsWith(HIDDEN))
  if (hidden.length >= MAX_LINES && RECORD_NAME.test(pattern)) return
  const length = Buffer.byteLength(pattern)
  const slot =
    lines.find((line) => isLine(line, pattern, SHOWN)) ??
    own.find(({ text, bytes }) => text.startsWith(SHOWN) && bytes === length)
  const isEnded = content.length === 0 || content.at(-1) === 0x0a
  if (slot === undefined) writeAt(path, undefined, `${isEnded ? '' : '\n'}${pattern}\n`)
  else writeAt(path, slot.at, pattern)
}

const showIn = (commonDir: string, pattern: string): void => {
  const path = excludePathOf(commonDir)
  for (const line of linesWith(contentOf(path), pattern)) {
    if (isLine(line, pattern)) writeAt(path, line.at, SHOWN)
  }
}

const isHidden = ({ text }: Line): boolean => text.startsWith(HIDDEN) && RECORD_NAME.test(text)

/** A line that hides a record now: its Op, and the pattern without a line feed. */
export type ExcludeLine = { readonly id: OpId; readonly pattern: string }

/** Whether no further line for a record is added to these. */
export const isFull = (lines: readonly ExcludeLine[]): boolean => lines.length >= MAX_LINES

/** Lists the lines that hide records now, of all roots of a repository. Throws what reading throws. */
export const listExcludeLines = (commonDir: string): readonly ExcludeLine[] =>
  linesOf(contentOf(excludePathOf(commonDir)))
    .filter(isHidden)
    .map(({ text }) => ({ id: idIn(text), pattern: text.replace(/\r$/, '') }))

/** Runs `change` under the lock of the file. Throws `LOCK_TIMEOUT`, and what `change` throws. */
export const underExcludeLock = async (commonDir: string, change: () => void): Promise<void> => {
  const lock = await waitForLock(excludeLockOf(commonDir), { timeoutMs: LOCK_TIMEOUT_MS })
  if (lock.kind !== 'held') {
    throw new KittyError('LOCK_TIMEOUT', 'Another process is changing info/exclude.', {
      hint: 'Try again in a moment.',
    })
  }
  try {
    change()
  } finally {
    lock.release()
  }
}

/** Takes lines out, whatever root they belong to. Throws `LOCK_TIMEOUT`, and what writing throws. */
export const removeExcludeLines = (
  commonDir: string,
  lines: readonly ExcludeLine[],
): Promise<void> =>
  underExcludeLock(commonDir, () => {
    for (const { pattern } of lines) showIn(commonDir, pattern)
  })

/** Why the file of exclude rules cannot be used, so that records stay visible; `undefined` if it can be used. */
export const excludeProblem = (
  commonDir: string,
): 'not-a-file' | 'foreign-owner' | 'read-only' | undefined => {
  const path = excludePathOf(commonDir)
  const folder = statSync(dirname(path), { throwIfNoEntry: false })
  const file = folder?.isDirectory() ? statSync(path, { throwIfNoEntry: false }) : undefined
  if (folder?.isDirectory() === false || file?.isFile() === false) return 'not-a-file'
  // A file that is missing is created.
  if (file === undefined) return undefined
  const user = process.geteuid?.()
  if (user !== undefined && file.uid !== user && !isShared(path)) return 'foreign-owner'
  try {
    closeSync(openSync(path, 'r+'))
    return undefined
  } catch {
    return 'read-only'
  }
}

/** Whether the file at a path has the line of this pattern, and hides with it. False if it cannot be read. */
export const hasExcludeLine = (path: string, pattern: string): boolean => {
  try {
    return linesWith(contentOf(path), pattern).some((line) => isLine(line, pattern))
  } catch {
    return false
  }
}

type ExcludeOptions = {
  readonly isEnabled: boolean
  /** One line for all records of the root. */
  readonly hidesAll: boolean
  /** Called before lines are added. What it throws is ignored. */
  readonly makeRoom?: (root: string, commonDir: string) => Promise<void>
}

/** Hides and shows the records and the index of one project root. */
export class ExcludeLines {
  readonly #location: () => StateLocation
  readonly #root: string
  readonly isEnabled: boolean
  readonly #hidesAll: boolean
  readonly #makeRoom: (root: string, commonDir: string) => Promise<void>

  constructor(
    root: string,
    location: () => StateLocation,
    { isEnabled, hidesAll, makeRoom = async () => undefined }: ExcludeOptions,
  ) {
    this.#root = root
    this.#location = location
    this.isEnabled = isEnabled
    this.#hidesAll = hidesAll
    this.#makeRoom = makeRoom
  }

  /** Hides records from git until `show`. Caller must have stored their bytes in the state folder. Never throws. */
  async hide(ids: readonly OpId[]): Promise<void> {
    // Without state in the git directory, the next `git clean` could take the only second copy along.
    const { place, workTree } = this.#location()
    if (!this.isEnabled || ids.length === 0 || place !== 'git') return
    if (workTree) await this.#makeRoom(this.#root, workTree.commonDir).catch(() => undefined)
    await this.#change(({ commonDir, prefix }) => {
      if (this.#hidesAll) hideIn(commonDir, allRecordsPattern(prefix))
      else for (const id of ids) hideIn(commonDir, excludePattern(prefix, id))
    })
  }

  /** Makes records ordinary files for git, and hides or shows the index. Returns whether that worked. Never throws. */
  async show(ids: readonly OpId[], index?: 'hide' | 'show'): Promise<boolean> {
    if (this.#hidesAll || (ids.length === 0 && index === undefined)) return true
    return this.#change(({ commonDir, prefix }) => {
      const all = allRecordsPattern(prefix)
      const path = excludePathOf(commonDir)
      const content = contentOf(path)
      // For whatever root: an Op can have moved from another one.
      const ofRecords = ids.flatMap((id) =>
        linesWith(content, recordPath(id)).filter(
          (line) => isHidden(line) && idIn(line.text) === id,
        ),
      )
      const ofAll = linesWith(content, all).filter((line) => isLine(line, all))
      for (const { at } of [...ofRecords, ...ofAll]) writeAt(path, at, SHOWN)
      if (index === 'show') showIn(commonDir, indexExcludePattern(prefix))
      if (index === 'hide' && this.isEnabled) hideIn(commonDir, indexExcludePattern(prefix))
    })
  }

  /** Whether git does not see the index: it has its line now, or there is no work tree. Hides it first. */
  async hideIndex(): Promise<boolean> {
    await this.show([], 'hide')
    const { workTree } = this.#location()
    if (workTree === undefined) return true
    const pattern = indexExcludePattern(prefixOf(this.#root, workTree))
    return hasExcludeLine(excludePathOf(workTree.commonDir), pattern)
  }

  /** Runs `change` under the lock of the file. Returns false if a record stays as visible as it is. Never throws. */
  async #change(
    change: (place: Pick<WorkTree, 'commonDir'> & { readonly prefix: string }) => void,
  ): Promise<boolean> {
    const { workTree } = this.#location()
    if (workTree === undefined) return true
    const { commonDir } = workTree
    try {
      await underExcludeLock(commonDir, () => {
        const info = join(commonDir, 'info')
        if (ignoreErrno('EEXIST', () => mkdirSync(info))) shareLikeGit(info)
        change({ commonDir, prefix: prefixOf(this.#root, workTree) })
      })
      return true
    } catch {
      // The file cannot be read or written, or another process holds its lock.
      return false
    }
  }
}

/** The lock for changing the file of exclude rules. */
export const excludeLockOf = (commonDir: string): LockPaths => {
  const folder = sharedFolderOf(commonDir)
  return { path: join(folder, 'exclude.lock'), tokens: join(folder, 'tokens') }
}
