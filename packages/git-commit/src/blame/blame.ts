import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { gitError } from '../git/query.js'
import { type GitOutcome, runGit } from '../git/run-git.js'
import { type BlamedCommit, parseBlame } from './porcelain.js'

/** A file of a work tree, and perhaps a line of it. */
export type BlameTarget = {
  /** The top of the work tree. */
  readonly top: string
  /** Relative to the top, with `/`. */
  readonly path: string
  /** From 1. Without one, all lines. */
  readonly line?: number
}

/**
 * The flags of the blame. Everything else, such as `blame.ignoreRevsFile`, is as the user has it for `git blame`. A text
 * converter is a program, and its lines are not those of the file.
 */
const BLAME = ['blame', '--no-textconv', '--incremental'] as const

/** As many lines as the longest history of a file takes. */
const TIMEOUT_MS = 600_000

/** Git decides by as many bytes whether a file is text. */
const BINARY_BYTES = 8000

const notCommitted = (path: string): KittyError =>
  new KittyError(
    'FILE_NOT_TRACKED',
    `${path} is not in the last commit, so git has no history of it.`,
    {
      hint: 'Commit the file first, or use the path under which it was committed.',
      about: { path },
    },
  )

const kindOf = async (path: string) => {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) return undefined
  return info.isFile() ? 'file' : 'other'
}

const withFile = async <T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> => {
  const file = await open(path)
  try {
    return await read(file)
  } finally {
    await file.close()
  }
}

const isBinary = (path: string): Promise<boolean> =>
  withFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BINARY_BYTES), 0, BINARY_BYTES, 0)
    return buffer.subarray(0, bytesRead).includes(0)
  })

const countLines = (path: string): Promise<number> =>
  withFile(path, async (file) => {
    let [lines, last] = [0, 0x0a]
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      const bytes = Buffer.from(chunk)
      for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1
      last = bytes.at(-1) ?? last
    }
    return last === 0x0a ? lines : lines + 1
  })

const hasHead = async (top: string): Promise<boolean> =>
  (await runGit(top, ['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'])).ok

/** What git says if a list of commits to ignore, often set for all repositories of a user, is not in this one. */
const NO_IGNORE_LIST = 'could not open object name list'

const IGNORE_LIST_HINT =
  'Make that file, even an empty one, or remove the setting: git config --show-origin --get-all blame.ignoreRevsFile'

/** Returns the error for a file that git could not blame, by what is there. */
const whyNot = async (
  { top, path, line }: BlameTarget,
  outcome: GitOutcome,
): Promise<KittyError> => {
  const refusal = gitError({ what: `blame ${path}` }, outcome)
  if (refusal.code !== 'GIT_FAILED') return refusal
  if (!(await hasHead(top))) {
    return new KittyError('NOTHING_COMMITTED', 'This branch has no commit yet.', {
      hint: 'Commit something first.',
    })
  }
  if (!(await runGit(top, ['cat-file', '-e', `HEAD:${path}`])).ok) return notCommitted(path)
  const lines = line === undefined ? 0 : await countLines(join(top, path))
  const isListMissing = outcome.stderr.includes(NO_IGNORE_LIST)
  if (isListMissing) return gitError({ what: `blame ${path}`, hint: IGNORE_LIST_HINT }, outcome)
  if (line === undefined || line <= lines) return refusal
  const has = lines === 1 ? '1 line' : `${lines} lines`
  return new KittyError('LINE_NOT_FOUND', `${path} has ${has}, so there is no line ${line}.`, {
    hint: 'Use a line of the file as it is on disk.',
    about: { path },
  })
}

const checkFile = async ({ top, path, line }: BlameTarget): Promise<void> => {
  const file = join(top, path)
  const kind = await kindOf(file)
  if (kind === undefined) {
    throw new KittyError('NOT_FOUND', `The file ${path} does not exist.`, {
      hint: 'Use a file of this work tree, or a commit.',
      about: { path },
    })
  }
  if (kind === 'other') {
    throw new KittyError('NOT_A_FILE', `${path} is not a regular file.`, {
      hint: 'Use a file, with a line if you want: FILE:LINE',
      about: { path },
    })
  }
  if (line !== undefined && (await isBinary(file))) {
    throw new KittyError('BINARY_FILE', `${path} is a binary file, which has no lines.`, {
      hint: 'Leave out the line.',
      about: { path },
    })
  }
}

/**
 * Asks git which commits the lines of a file come from, as `git blame` does. Lines that are not committed have a commit
 * of zeros.
 *
 * @throws KittyError `NOT_FOUND`, `NOT_A_FILE`, `BINARY_FILE`, `NOTHING_COMMITTED`, `FILE_NOT_TRACKED`, `LINE_NOT_FOUND`,
 * `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const blame = async (target: BlameTarget): Promise<readonly BlamedCommit[]> => {
  const { top, path, line } = target
  const lines = line === undefined ? [] : ['-L', `${line},${line}`]
  // At once: everything else is done beside it.
  const asked = runGit(top, [...BLAME, ...lines, '--', path], { timeoutMs: TIMEOUT_MS })
  const [outcome] = await Promise.all([asked, checkFile(target)])
  if (!outcome.ok) throw await whyNot(target, outcome)
  return parseBlame(outcome.stdout.toString())
}
