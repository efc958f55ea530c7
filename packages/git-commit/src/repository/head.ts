import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkTree } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'

/** Returns `read()`, or `undefined` if it throws. For files that may be missing or can vanish at any moment. */
export const tryRead = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** What HEAD points at. An unborn branch is a branch. */
export type Head =
  | {
      readonly kind: 'branch'
      /** The ref that a commit moves, and the name of its branch. */
      readonly ref: string
      readonly branch: string
      /** The ref that HEAD names: usually `ref` itself, but it can be a symbolic ref to it. */
      readonly target: string
    }
  | { readonly kind: 'detached'; readonly sha: string }

/** Returns the branch that is checked out; empty if HEAD is detached, as in `CommitRequest`. */
export const branchOf = (head: Head): string => (head.kind === 'branch' ? head.branch : '')

type RefFile = { readonly ref: string } | { readonly text: string }

/**
 * Reads the file of a ref. It names another ref in its text or, under `core.preferSymlinkRefs`, by being a symbolic
 * link.
 */
const readRef = (path: string): RefFile => {
  if (lstatSync(path).isSymbolicLink()) {
    const ref = readlinkSync(path)
    if (ref.startsWith('refs/')) return { ref }
  }
  const text = readFileSync(path, 'utf8').trim()
  return text.startsWith('ref:') ? { ref: text.slice(4).trim() } : { text }
}

/** Git follows at most this many symbolic refs. */
const MAX_SYMREFS = 5

// It may be gone, or be a folder of other branches.
const tryToRead = (path: string): RefFile | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) && readRef(path)
  } catch {
    return undefined
  }
}

/** Follows symbolic refs to the ref that git would move. */
const resolveRef = (commonDir: string, ref: string, left = MAX_SYMREFS): string => {
  const found = tryToRead(join(commonDir, ref))
  const isName = found !== undefined && 'ref' in found && left > 0
  return isName ? resolveRef(commonDir, found.ref, left - 1) : ref
}

// The reftable format keeps HEAD in a database, which only git can read.
const askForHead = async (tree: WorkTree): Promise<string | undefined> => {
  const answer = await runGit(tree.top, ['symbolic-ref', '-q', 'HEAD'])
  return answer.ok ? answer.stdout.toString().trim() : undefined
}

const askForTip = async ({ top }: WorkTree): Promise<string> =>
  (await gitText(top, ['rev-parse', '--verify', 'HEAD'], { what: 'resolve HEAD' })).trim()

/** Reads where HEAD is now. Starts git only for the reftable format. */
export const readHead = async (tree: WorkTree): Promise<Head> => {
  const found = readRef(join(tree.gitDir, 'HEAD'))
  if ('text' in found) return { kind: 'detached', sha: found.text }
  const isInDatabase = found.ref === 'refs/heads/.invalid'
  const target = isInDatabase ? await askForHead(tree) : found.ref
  if (target === undefined) return { kind: 'detached', sha: await askForTip(tree) }
  const ref = resolveRef(tree.commonDir, target)
  return { kind: 'branch', ref, branch: ref.replace(/^refs\/heads\//, ''), target }
}

const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

const read = (path: string): string => tryRead(() => readFileSync(path, 'utf8')) ?? ''

/** Returns the refs that have no file of their own, one `<id> <ref>` per line. */
export const packedRefs = (commonDir: string): string => read(join(commonDir, 'packed-refs'))

const inPackedRefs = (commonDir: string, ref: string): string => {
  const lines = packedRefs(commonDir).split('\n')
  return lines.find((line) => line.endsWith(` ${ref}`))?.slice(0, -ref.length - 1) ?? ''
}

const ask = async (top: string): Promise<string | undefined> => {
  const answer = await runGit(top, ['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'])
  return answer.ok ? answer.stdout.toString().trim() : undefined
}

/**
 * Returns the commit at HEAD, or `undefined` on an unborn branch. Reads it from the files if they contain the id,
 * which saves a process; else asks git.
 */
export const readTip = async (tree: WorkTree, head: Head): Promise<string | undefined> => {
  if (head.kind === 'detached') return head.sha
  const loose = read(join(tree.commonDir, ...head.ref.split('/'))).trim()
  if (ID.test(loose)) return loose
  const packed = loose === '' ? inPackedRefs(tree.commonDir, head.ref) : ''
  return ID.test(packed) ? packed : ask(tree.top)
}
