import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, isAbsolute, relative, sep } from 'node:path'
import type { Closing } from '@kitty/writer'
import { notReadable } from '../command/errors.js'
import { located } from '../op/closing-links.js'

/** The name of evidence that was given as text, as in the Python spec-kitty. */
const TEXT_NAME = 'evidence.md'

/** A word with a slash or a file extension is a path, although there is no such file: a typing mistake, not evidence. */
const LIKE_A_PATH = /^\S*(?:[/\\]\S+|\.\w{1,8})$/

/** Whether anything exists at a path. A text can be too long for a path. */
const exists = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

const isBelow = (root: string, path: string): boolean => {
  const below = relative(realpathSync(root), realpathSync(path))
  return !(below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below))
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true

const contentOf = (path: string) => {
  try {
    return { name: basename(path), bytes: readFileSync(path) }
  } catch (error) {
    throw notReadable('The evidence', path, error)
  }
}

/**
 * Evidence as the Python spec-kitty takes it: a URL, a file anywhere, or the text itself. A file outside the root and a text
 * are given as content, so that they are copied into the project. Throws `FILE_NOT_READABLE`.
 */
export const givenEvidence = (typed: string, cwd: string, root: string): Closing['evidence'] => {
  const path = located(typed, cwd)
  // Also a `file:` URL.
  if (path === typed && !isAbsolute(typed)) return typed
  if (!exists(path)) {
    return LIKE_A_PATH.test(typed) ? path : { name: TEXT_NAME, bytes: Buffer.from(`${typed}\n`) }
  }
  return isFile(path) && !isBelow(root, path) ? contentOf(path) : path
}
