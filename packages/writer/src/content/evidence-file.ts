import { realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { KittyError } from '@kitty/record'
import { startsWith } from '../fs/bytes.js'
import { errnoOf, readError } from '../fs/errors.js'
import { readRegular } from '../fs/regular-file.js'
import { pathOf, relativeBelow } from './reference.js'

const ENCODINGS: readonly (readonly [mark: Buffer, encoding: string])[] = [
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
]

// What git looks at to tell text from binary.
const LOOKED_AT = 8000

/** The text in a file; `undefined` when the file is binary by git's rule, a NUL byte near its start. */
export const decodeEvidence = (bytes: Buffer): string | undefined => {
  const marked = ENCODINGS.find(([intent]) => startsWith(bytes, intent))
  if (marked !== undefined) return new TextDecoder(marked[1]).decode(bytes)
  return bytes.subarray(0, LOOKED_AT).includes(0) ? undefined : bytes.toString()
}

/** A file that may become evidence. */
export type EvidenceFile = {
  /** The name it gets in the evidence folder. */
  readonly name: string
  readonly bytes: Buffer
}

const refused = (code: string, message: string, hint: string): KittyError =>
  new KittyError(code, message, { hint })

const realPathOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw readError(error, path)
    const hint = 'The Op is still open. Check the path, then close it again.'
    throw refused('EVIDENCE_NOT_FOUND', `There is no file at ${path}`, hint)
  }
}

// A `.gitignore` or `.gitattributes` in the evidence folder would act on the evidence itself.
const BAD_NAME = /\p{Cc}|^\.git|^git~\d/iu

const checkName = (name: string): void => {
  if (!BAD_NAME.test(name)) return
  const message = `A file named ${JSON.stringify(name)} cannot be evidence.`
  throw refused(
    'EVIDENCE_INVALID',
    message,
    'Git would give it a meaning. Copy it to another name.',
  )
}

const checkPlace = async (root: string, path: string, real: string): Promise<void> => {
  if (relativeBelow(await realpath(root), real) === undefined) {
    const message = `The evidence lies outside the project: ${path}`
    throw refused('EVIDENCE_OUTSIDE_ROOT', message, 'Copy it below the project root first.')
  }
  if (!(await stat(real)).isFile()) {
    const message = `The evidence is not a regular file: ${path}`
    throw refused('EVIDENCE_INVALID', message, 'Pack a folder into one file first.')
  }
}

/**
 * Reads a file that is to become evidence; a relative reference is relative to the root. Throws
 * `EVIDENCE_NOT_FOUND`, `EVIDENCE_OUTSIDE_ROOT`, `EVIDENCE_INVALID`, `NOT_READABLE`, `READ_FAILED`.
 */
export const readEvidence = async (root: string, reference: string): Promise<EvidenceFile> => {
  const path = pathOf(root, reference)
  const real = await realPathOf(path)
  await checkPlace(root, path, real)
  const name = basename(path)
  checkName(name)
  // Resolved first: what a link points to inside the project is a file like any other.
  return { name, bytes: (await readRegular(real)) ?? Buffer.alloc(0) }
}
