import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { KittyError } from '@kitty/record'
import { UsageError } from '../command/errors.js'

/** What is asked about. */
export type WhyTarget =
  | {
      readonly kind: 'file'
      /** Relative to the top of the work tree, with `/`. */
      readonly path: string
      readonly line?: number
    }
  | { readonly kind: 'commit'; readonly sha: string }

/** What was typed, and where. */
export type Typed = {
  readonly target: string
  /** `--line`, which is not split off the name of a file. */
  readonly line: number | undefined
  readonly cwd: string
  /** The top of the work tree. */
  readonly top: string
}

const isThere = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

const isFolder = (path: string): boolean => lstatSync(path).isDirectory()

/** The path of a file below the top; links in the folders on its way are followed, as git does. */
const pathBelow = ({ top, target }: Typed, absolute: string): string => {
  const real = join(realpathSync.native(dirname(absolute)), basename(absolute))
  const path = relative(top, real).split(sep).join('/')
  if (path !== '' && path !== '..' && !path.startsWith('../')) return path
  throw new KittyError('FILE_NOT_TRACKED', `${target} is not in the work tree ${top}.`, {
    hint: 'Use a file of this work tree, or name its project with --root.',
    about: { path: target },
  })
}

const LINE = /^(.+):(\d+)$/s

const lineOf = (text: string): number => {
  const line = Number(text)
  if (Number.isSafeInteger(line) && line > 0) return line
  throw new UsageError('USAGE', `${text} is not a line: lines are counted from 1.`, {
    hint: 'Use FILE:LINE, such as src/app.ts:12.',
  })
}

const noSuch = (target: string): KittyError =>
  new KittyError('NOT_FOUND', `No file or commit is named ${JSON.stringify(target)}.`, {
    hint: 'Use a file of this work tree, FILE:LINE, or a commit that is in this clone.',
    about: { path: target },
  })

/**
 * Finds out what is meant: a file that exists, then a file and a line, then a commit. Throws `NOT_FOUND`, `NOT_A_FILE`,
 * `FILE_NOT_TRACKED`, `USAGE`.
 */
export const targetOf = async (typed: Typed): Promise<WhyTarget> => {
  const { target, line, cwd, top } = typed
  if (target === '') throw noSuch(target)
  const at = (path: string): string => resolve(cwd, path)
  const withLine = line === undefined ? {} : { line }
  if (isThere(at(target)) && !isFolder(at(target))) {
    return { kind: 'file', path: pathBelow(typed, at(target)), ...withLine }
  }
  const [, file, number] = line === undefined ? (LINE.exec(target) ?? []) : []
  if (file !== undefined && number !== undefined && isThere(at(file))) {
    return { kind: 'file', path: pathBelow(typed, at(file)), line: lineOf(number) }
  }
  const { resolveRevision } = await import('@kitty/git-commit/inspect')
  const sha = line === undefined ? await resolveRevision(top, target).catch(noCommit) : undefined
  if (sha !== undefined) return { kind: 'commit', sha }
  if (isThere(at(target))) return { kind: 'file', path: pathBelow(typed, at(target)), ...withLine }
  throw noSuch(target)
}

const noCommit = (error: unknown): undefined => {
  if (error instanceof KittyError && error.code === 'REV_NOT_FOUND') return
  throw error
}
