import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { waitForLock } from '../../../src/lock/wait-for-lock.js'
import { openOps } from '../../../src/ops/ops.js'

const PAGE = 4096

/** Fills the file system to the last page. */
const fill = (file: string): void => {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(PAGE))
  } catch {
    // That was the last page.
  }
}

/** A git directory on another file system, so that only the records run out of space. */
const separateGitDir = (root: string, gitDir: string): void => {
  mkdirSync(join(gitDir, 'objects'), { recursive: true })
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/work\n')
  writeFileSync(join(root, '.git'), `gitdir: ${gitDir}\n`)
}

const codeOf = (error: unknown): string =>
  error instanceof KittyError ? error.code : String(error)

/** In a small file system of its own, closes an Op while the disk is full, and again when it is not. */
export const main = async (root: string, gitDir: string): Promise<void> => {
  separateGitDir(root, gitDir)
  const ops = await openOps({ root, durability: 'power' })
  const request = { profile_id: 'p', action: 'a', actor: 'a', redact: false }
  const short = await ops.start({ ...request, request_text: 'x' })
  const { bytes } = await ops.read(short.id)
  // The close starts in the last bytes of a page, and needs another page.
  const text = 'x'.repeat(2 * PAGE - 60 - bytes.length)
  const op = await ops.start({ ...request, request_text: text })
  const file = join(root, op.path)
  const before = readFileSync(file)
  fill(join(root, 'filler'))
  const closing = { outcome: 'done' } as const
  const code = await ops.complete(op.id, closing).then(() => 'closed', codeOf)
  const lock = { path: join(root, 'a.lock'), tokens: root, name: 'token' }
  const locked = await waitForLock(lock, { timeoutMs: 0 }).then(String, codeOf)
  const left = readdirSync(root).filter((name) => /^token|lock$/.test(name))
  const unchanged = readFileSync(file).equals(before)
  const pending = (await ops.pending()).length
  rmSync(join(root, 'filler'))
  const { record } = await ops.complete(op.id, closing)
  const after = { status: record.status, problems: record.problems.length }
  process.stdout.write(JSON.stringify({ code, locked, left, unchanged, pending, after }))
}
