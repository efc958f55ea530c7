import { realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { KittyError, type KittyErrorCode } from '@kitty/record'
import { startsWith } from '../fs/bytes.js'
import { errnoOf, readError } from '../fs/errors.js'
import { readRegular } from '../fs/regular-file.js'
import { pathOf, relativeBelow } from './reference.js'

const ENCODINGS: readonly (readonly [byteOrderMark: Buffer, encoding: string])[] = [
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
]

// How many bytes git inspects to distinguish text from binary.
const INSPECTED_BYTES = 8000

/** Decodes a file as text. Returns `undefined` if it is binary by git's rule: a NUL byte near its start. */
export const decodeEvidence = (bytes: Buffer): string | undefined => {
  const marked = ENCODINGS.find(([byteOrderMark]) => startsWith(bytes, byteOrderMark))
  if (marked !== undefined) return new TextDecoder(marked[1]).decode(bytes)
  return bytes.subarray(0, INSPECTED_BYTES).includes(0) ? undefined : bytes.toString()
}

/** A file that can become evidence. */
export type EvidenceFile = {
  /** Its name in the evidence folder. */
  readonly name: string
  readonly bytes: Buffer
}

const evidenceError = (code: KittyErrorCode, message: string, hint: string): KittyError =>
  new KittyError(code, message, { hint })

const realPathOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw readError(error, path)
    const hint = 'Check the path, then close the Op again. It is still open.'
    throw evidenceError('EVIDENCE_NOT_FOUND', `No such file: ${path}`, hint)
  }
}

// A `.gitignore` or `.gitattributes` in the evidence folder would apply to the evidence itself.
const BAD_NAME = /\p{Cc}|^\.git|^git~\d/iu

/** A name that is a path, or none. */
const NO_NAME = /[/\\]|^\.{0,2}$/

const checkName = (name: string, bad: RegExp = BAD_NAME): void => {
  if (!bad.test(name)) return
  const message = `A file named ${JSON.stringify(name)} cannot be evidence.`
  throw evidenceError(
    'EVIDENCE_INVALID',
    message,
    'Copy it under another name: git treats this one specially.',
  )
}

const checkPlace = async (root: string, path: string, real: string): Promise<void> => {
  if (relativeBelow(await realpath(root), real) === undefined) {
    const message = `The evidence is outside the project: ${path}`
    throw evidenceError('EVIDENCE_OUTSIDE_ROOT', message, 'Copy it into the project first.')
  }
  if (!(await stat(real)).isFile()) {
    const message = `The evidence is not a regular file: ${path}`
    throw evidenceError('EVIDENCE_INVALID', message, 'Pack a folder into one file first.')
  }
}

/** What a caller gives as evidence: a reference, or the content of a file. */
export type GivenEvidence = string | { readonly name: string; readonly bytes: Uint8Array }

/**
 * Reads a file to use as evidence. Content that was given is checked for its name alone. A relative reference is relative to the root. Throws
 * `EVIDENCE_NOT_FOUND`, `EVIDENCE_OUTSIDE_ROOT`, `EVIDENCE_INVALID`, `NOT_READABLE`, `READ_FAILED`.
 */
export const readEvidence = async (root: string, given: GivenEvidence): Promise<EvidenceFile> => {
  if (typeof given === 'string') return readReference(root, given)
  const name = given.name.normalize('NFC')
  checkName(name)
  checkName(name, NO_NAME)
  return { name, bytes: Buffer.from(given.bytes) }
}

const readReference = async (root: string, reference: string): Promise<EvidenceFile> => {
  const path = pathOf(root, reference)
  const real = await realPathOf(path)
  await checkPlace(root, path, real)
  // The form in which git has names on every system; macOS stores and lists others.
  const name = basename(path).normalize('NFC')
  checkName(name)
  // Symbolic links are resolved first: evidence can be a link to a file in the project.
  return { name, bytes: (await readRegular(real)) ?? Buffer.alloc(0) }
}
