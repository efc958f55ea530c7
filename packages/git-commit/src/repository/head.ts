import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import type { ExpectedHead } from '@kitty/writer'
import { isRefName, type WorkTree } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { isObjectId } from '../objects/object.js'

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

/** Returns the branch that is checked out; `undefined` if HEAD is detached. */
export const branchOf = (head: ExpectedHead): string | undefined =>
  head.kind === 'branch' ? head.branch : undefined

/** What a request must find at HEAD if nothing moves. */
export const expectedHead = (head: Head): ExpectedHead =>
  head.kind === 'branch' ? { kind: 'branch', branch: head.branch } : { kind: 'detached' }

/** The content of a ref's file: the name of another ref, or an id. */
type RefFile =
  | { readonly kind: 'symbolic'; readonly ref: string }
  | { readonly kind: 'id'; readonly id: string }

/**
 * Reads the file of a ref. It names another ref in its text or, under `core.preferSymlinkRefs`, by being a symbolic
 * link.
 */
const readRef = (path: string): RefFile => {
  if (lstatSync(path).isSymbolicLink()) {
    const ref = readlinkSync(path)
    if (ref.startsWith('refs/')) return { kind: 'symbolic', ref }
  }
  const text = readFileSync(path, 'utf8').trim()
  return text.startsWith('ref:')
    ? { kind: 'symbolic', ref: text.slice(4).trim() }
    : { kind: 'id', id: text }
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
  const isFollowed = found?.kind === 'symbolic' && left > 0 && isRefName(found.ref)
  return isFollowed ? resolveRef(commonDir, found.ref, left - 1) : ref
}

// The reftable format keeps HEAD in a database, which only git can read.
const askForHead = async (tree: WorkTree): Promise<string | undefined> => {
  const answer = await runGit(tree.top, ['symbolic-ref', '-q', 'HEAD'])
  return answer.ok ? answer.stdout.toString().trim() : undefined
}

const askForTip = async ({ top }: WorkTree): Promise<string> =>
  (await gitText(top, ['rev-parse', '--verify', 'HEAD'], { what: 'resolve HEAD' })).trim()

const damagedHead = (gitDir: string): KittyError =>
  new KittyError('GIT_FAILED', `HEAD in ${gitDir} names neither a branch nor a commit.`, {
    hint: 'Write "ref: refs/heads/BRANCH" into it, with the branch that was checked out.',
  })

/** Reads where HEAD is now. Starts git only for the reftable format. Throws KittyError `GIT_FAILED` if it is damaged. */
export const readHead = async (tree: WorkTree): Promise<Head> => {
  const found = readRef(join(tree.gitDir, 'HEAD'))
  const isSound = found.kind === 'id' ? isObjectId(found.id) : isRefName(found.ref)
  if (!isSound) throw damagedHead(tree.gitDir)
  if (found.kind === 'id') return { kind: 'detached', sha: found.id }
  const isInDatabase = found.ref === 'refs/heads/.invalid'
  const target = isInDatabase ? await askForHead(tree) : found.ref
  if (target === undefined) return { kind: 'detached', sha: await askForTip(tree) }
  const ref = resolveRef(tree.commonDir, target)
  return { kind: 'branch', ref, branch: ref.replace(/^refs\/heads\//, ''), target }
}

const read = (path: string): string | undefined => tryRead(() => readFileSync(path, 'utf8'))

/** Returns the refs that have no file of their own, one `<id> <ref>` per line. */
export const packedRefs = (commonDir: string): string => read(join(commonDir, 'packed-refs')) ?? ''

const inPackedRefs = (commonDir: string, ref: string): string | undefined => {
  const lines = packedRefs(commonDir).split('\n')
  return lines.find((line) => line.endsWith(` ${ref}`))?.slice(0, -ref.length - 1)
}

const ask = async (top: string, name: string): Promise<string | undefined> => {
  const answer = await runGit(top, ['rev-parse', '--quiet', '--verify', name])
  return answer.ok ? answer.stdout.toString().trim() : undefined
}

/** Returns what a ref points to if the files of the git directory contain the id. */
export const tipInFiles = (commonDir: string, ref: string): string | undefined => {
  // A file that a power loss emptied hides an older place of the ref, also from git.
  const found = read(join(commonDir, ...ref.split('/')))?.trim() ?? inPackedRefs(commonDir, ref)
  return found !== undefined && isObjectId(found) ? found : undefined
}

/**
 * Returns what a ref outside the branches points to, or `undefined` if there is no such ref. Starts git only for the
 * reftable format.
 */
export const readRefTip = async (
  { commonDir, top }: WorkTree,
  ref: string,
): Promise<string | undefined> => {
  const found = tipInFiles(commonDir, ref)
  return found ?? (existsSync(join(commonDir, 'reftable')) ? ask(top, ref) : undefined)
}

/**
 * Returns the commit at HEAD, or `undefined` on an unborn branch. Reads it from the files if they contain the id,
 * which saves a process; else asks git.
 */
export const readTip = async (tree: WorkTree, head: Head): Promise<string | undefined> => {
  if (head.kind === 'detached') return head.sha
  return tipInFiles(tree.commonDir, head.ref) ?? ask(tree.top, 'HEAD^{commit}')
}
