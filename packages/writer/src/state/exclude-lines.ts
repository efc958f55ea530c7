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
// Limits: at most 64 lines, because git compares each with every untracked file; further records stay visible. A file
// that cannot be written, or belongs to another user, is left alone. Nothing here ever fails an Op.

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { errnoOf, ignoreErrno } from '../fs/errors.js'
import { isShared, shareLikeGit } from '../fs/shared-repository.js'
import type { LockPaths } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import type { WorkTree } from '../project/git-dir.js'
import { recordPath } from '../project/paths.js'
import {
  prefixOf,
  type StateLocation,
  sharedFolderOf,
  stateFoldersIn,
} from '../project/state-dir.js'
import { listIntents } from './intent-store.js'
import { listStartNotes } from './start-notes.js'

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

/** The pattern that matches a record and nothing else. */
export const excludePattern = (prefix: string, id: OpId): string => {
  // On macOS, git compares composed names.
  const name = process.platform === 'darwin' ? prefix.normalize('NFC') : prefix
  return `${HIDDEN}${escapePattern(name === '' ? '' : `${name}/`)}${recordPath(id)}`
}

type Line = { readonly at: number; readonly text: string; readonly bytes: number }

const linesOf = (content: Buffer): readonly Line[] => {
  const lines: Line[] = []
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf('\n', at)
    const to = end < 0 ? content.length : end
    lines.push({ at, text: content.toString('utf8', at, to), bytes: to - at })
    at = to + 1
  }
  return lines
}

/** Whether a line is this pattern, or with `SHOWN` the slot of it. */
const isLine = ({ text }: Line, pattern: string, mark = HIDDEN): boolean =>
  text.replace(/\r$/, '') === `${mark}${pattern.slice(1)}`

/** Opens the file. Returns `undefined` if it belongs to another user, unless users share the repository. */
const openOwn = (path: string, flags: number): number | undefined => {
  const file = openSync(path, flags, 0o666)
  const owner = process.getuid?.()
  if (owner === undefined || fstatSync(file).uid === owner || isShared(path)) return file
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

/** The ids of all Ops with an intent or a start note, in whatever work tree. */
const idsHeldIn = async (commonDir: string): Promise<ReadonlySet<string>> => {
  const lists = stateFoldersIn(commonDir).flatMap((dir) => [listIntents(dir), listStartNotes(dir)])
  return new Set((await Promise.all(lists)).flat())
}

/** Frees the lines of records that no state folder of the repository holds, such as those of deleted Ops. */
const freeLines = async (commonDir: string, hidden: readonly Line[]): Promise<void> => {
  const held = await idsHeldIn(commonDir)
  for (const { at, text } of hidden) {
    if (!held.has(RECORD_NAME.exec(text)?.[1] ?? '')) writeAt(excludePathOf(commonDir), at, SHOWN)
  }
}

const hideIn = async (commonDir: string, pattern: string, mayFree = true): Promise<void> => {
  const path = excludePathOf(commonDir)
  const content = contentOf(path)
  const lines = linesOf(content)
  if (lines.some((line) => isLine(line, pattern))) return
  const own = lines.filter(({ text }) => RECORD_NAME.test(text))
  const hidden = own.filter(({ text }) => text.startsWith(HIDDEN))
  if (hidden.length >= MAX_LINES) {
    if (!mayFree) return
    await freeLines(commonDir, hidden)
    return hideIn(commonDir, pattern, false)
  }
  const length = Buffer.byteLength(pattern)
  const slot =
    own.find((line) => isLine(line, pattern, SHOWN)) ??
    own.find(({ text, bytes }) => text.startsWith(SHOWN) && bytes === length)
  const isEnded = content.length === 0 || content.at(-1) === 0x0a
  if (slot === undefined) writeAt(path, undefined, `${isEnded ? '' : '\n'}${pattern}\n`)
  else writeAt(path, slot.at, pattern)
}

/** The lines that hide these records, for whatever root: an Op can have moved from another one. */
const linesHiding = (commonDir: string, ids: ReadonlySet<string>): readonly Line[] =>
  linesOf(contentOf(excludePathOf(commonDir))).filter(
    ({ text }) => text.startsWith(HIDDEN) && ids.has(RECORD_NAME.exec(text)?.[1] ?? ''),
  )

/** Whether any of these records has its line now. Reads one file; never throws. */
export const hasExcludeLine = (path: string, pattern: string): boolean => {
  try {
    return linesOf(contentOf(path)).some((line) => isLine(line, pattern))
  } catch {
    return false
  }
}

/** Hides and shows the records of one project root. */
export class ExcludeLines {
  readonly #location: () => StateLocation
  readonly #root: string
  readonly #isEnabled: boolean

  constructor(root: string, location: () => StateLocation, isEnabled: boolean) {
    this.#root = root
    this.#location = location
    this.#isEnabled = isEnabled
  }

  /** Hides records from git until `show`. Caller must have stored their bytes in the state folder. Never throws. */
  async hide(ids: readonly OpId[]): Promise<void> {
    const workTree = this.#workTree()
    if (!this.#isEnabled || ids.length === 0 || workTree === undefined) return
    const { commonDir } = workTree
    const prefix = prefixOf(this.#root, workTree)
    await changeLines(commonDir, async () => {
      const info = join(commonDir, 'info')
      if (ignoreErrno('EEXIST', () => mkdirSync(info))) shareLikeGit(info)
      for (const id of ids) await hideIn(commonDir, excludePattern(prefix, id))
    })
  }

  /** Makes records ordinary files for git. Never throws. */
  async show(ids: readonly OpId[]): Promise<void> {
    const commonDir = this.#workTree()?.commonDir
    if (ids.length === 0 || commonDir === undefined) return
    const wanted = new Set<string>(ids)
    await changeLines(commonDir, async () => {
      for (const { at } of linesHiding(commonDir, wanted))
        writeAt(excludePathOf(commonDir), at, SHOWN)
    })
  }

  #workTree(): WorkTree | undefined {
    const { place, workTree } = this.#location()
    return place === 'git' ? workTree : undefined
  }
}

/** Runs `change` under the lock of the file. Never throws: at worst, a record stays as visible as it is. */
const changeLines = async (commonDir: string, change: () => Promise<void>): Promise<void> => {
  try {
    const lock = await waitForLock(lockIn(commonDir), { timeoutMs: LOCK_TIMEOUT_MS })
    if (lock.kind !== 'held') return
    try {
      await change()
    } finally {
      lock.release()
    }
  } catch {
    // The file cannot be read or written.
  }
}

const lockIn = (commonDir: string): LockPaths => {
  const folder = sharedFolderOf(commonDir)
  return { path: join(folder, 'exclude.lock'), tokens: join(folder, 'tokens') }
}
