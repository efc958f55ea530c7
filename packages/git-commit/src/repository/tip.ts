import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkTree } from '@kitty/writer'
import { runGit } from '../git/run-git.js'
import { attempt } from './attempt.js'
import type { Head } from './head.js'

const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

const read = (path: string): string => attempt(() => readFileSync(path, 'utf8')) ?? ''

/** The refs that have no file of their own: `<id> <ref>`, a line each. */
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
 * The commit at HEAD; undefined on an unborn branch. Read from the files where they say it plainly,
 * which spares a process; else git is asked.
 */
export const readTip = async (tree: WorkTree, head: Head): Promise<string | undefined> => {
  if (head.kind === 'detached') return head.sha
  const loose = read(join(tree.commonDir, ...head.ref.split('/'))).trim()
  if (ID.test(loose)) return loose
  const packed = loose === '' ? inPackedRefs(tree.commonDir, head.ref) : ''
  return ID.test(packed) ? packed : ask(tree.top)
}
