import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitIn, tryGitIn } from '@kitty/test-kit'
import type {
  CommitRequest,
  CommitResult,
  CommitStrategy,
} from '../../src/ports/commit-strategy.js'

/** Where the strategy keeps records. */
export const KEPT = 'refs/kept/ops'

type OpRequest = CommitRequest & { readonly kind: 'op' }

const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null']

const ask = async (root: string, ...args: string[]): Promise<string | undefined> => {
  const { exitCode, stdout } = await tryGitIn(root, args)
  return exitCode === 0 ? stdout : undefined
}

const git = (root: string, args: readonly string[], index: string): Promise<string> =>
  gitIn(root, [...NO_HOOKS, ...args], { env: { GIT_INDEX_FILE: index } })

const blobOf = async (root: string, gitDir: string, bytes: Uint8Array): Promise<string> => {
  const draft = join(gitDir, 'kept-draft')
  await writeFile(draft, bytes)
  const blob = await gitIn(root, ['hash-object', '-w', '--no-filters', '--', draft])
  await rm(draft)
  return blob
}

const add = async (
  root: string,
  gitDir: string,
  { record, extras, message }: OpRequest,
): Promise<CommitResult> => {
  const blob = await blobOf(root, gitDir, record.bytes)
  const held = await ask(root, 'rev-parse', '--verify', '--quiet', `${KEPT}:${record.path}`)
  if (held !== undefined && held !== blob) {
    return { status: 'failed', code: 'CLOSED_IN_LEDGER', message: 'It holds other bytes.' }
  }
  const tip = await ask(root, 'rev-parse', '--verify', '--quiet', KEPT)
  if (held !== undefined && tip !== undefined) {
    const log = ['log', '-1', '--format=%H', tip, '--', `:(top)${record.path}`]
    return { status: 'committed', sha: await gitIn(root, log) }
  }
  const index = join(gitDir, 'kept-index')
  await git(root, ['read-tree', tip ?? '--empty'], index)
  await git(root, ['update-index', '--add', '--cacheinfo', `100644,${blob},${record.path}`], index)
  for (const path of extras) {
    const extra = await gitIn(root, ['hash-object', '-w', '--no-filters', '--', path])
    const entry = `100644,${extra},${path}`
    await git(root, ['update-index', '--add', '--cacheinfo', entry], index)
  }
  const tree = await git(root, ['write-tree'], index)
  await rm(index)
  const parent = tip === undefined ? [] : ['-p', tip]
  const sha = await gitIn(root, ['commit-tree', tree, ...parent], { input: message })
  await gitIn(root, [...NO_HOOKS, 'update-ref', KEPT, sha, tip ?? ''])
  return { status: 'committed', sha }
}

const answer = async (root: string, request: CommitRequest): Promise<CommitResult> => {
  const gitDir = await ask(root, 'rev-parse', '--absolute-git-dir')
  if (gitDir === undefined) return { status: 'skipped', reason: 'no-repository' }
  if (request.kind !== 'op' || request.record.parsed.status !== 'closed') {
    return { status: 'refused', code: 'NOT_CLOSED', message: 'Only closed Ops are kept.' }
  }
  return add(root, gitDir, request)
}

/** A slow but correct strategy whose home is a ref outside the branches. */
export const refStrategy = (): CommitStrategy => ({
  name: 'kept',
  home: 'ref',
  commit: async (root, requests) => {
    const results: CommitResult[] = []
    for (const request of requests) results.push(await answer(root, request))
    return results
  },
})

/** The text that the ref holds at a path, without its last line feed. Returns `undefined` if it holds none. */
export const keptText = async (root: string, path: string): Promise<string | undefined> => {
  const { exitCode, stdout } = await tryGitIn(root, ['show', `${KEPT}:${path}`])
  return exitCode === 0 ? stdout : undefined
}
