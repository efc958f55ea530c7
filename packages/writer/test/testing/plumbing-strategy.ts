import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gitIn, tryGitIn } from '@kitty/test-kit'
import {
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  requestPaths,
} from '../../src/ports/commit-strategy.js'

const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null']
const IN_THE_MIDDLE = ['rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG']

const ask = async (root: string, ...args: string[]): Promise<string | undefined> => {
  const { exitCode, stdout } = await tryGitIn(root, args)
  return exitCode === 0 ? stdout : undefined
}

const notNow = async (root: string): Promise<CommitResult | undefined> => {
  const gitDir = await ask(root, 'rev-parse', '--absolute-git-dir')
  if (gitDir === undefined) return { status: 'skipped', reason: 'no-repository' }
  const busy = IN_THE_MIDDLE.some((name) => existsSync(join(gitDir, name)))
  const detached = (await ask(root, 'symbolic-ref', '-q', 'HEAD')) === undefined
  if (!busy && !detached) return undefined
  return { status: 'deferred', reason: 'not-now', message: 'Not at this moment.' }
}

/** The commit that already holds the request. */
const holder = async (root: string, request: CommitRequest): Promise<string | undefined> => {
  const { write, remove } = requestPaths(request)
  const [path = '.'] = write
  const inHead = await ask(root, 'rev-parse', `HEAD:./${path}`)
  if (inHead === undefined || remove.length > 0) return undefined
  const onDisk = await ask(root, 'hash-object', '--no-filters', path)
  return inHead === onDisk ? ask(root, 'log', '-1', '--format=%H', '--', path) : undefined
}

const makeTree = async (root: string, request: CommitRequest, head?: string): Promise<string> => {
  const { write, remove } = requestPaths(request)
  const index = `${await gitIn(root, ['rev-parse', '--absolute-git-dir'])}/scratch-index`
  const env = { GIT_INDEX_FILE: index }
  try {
    if (head !== undefined) await gitIn(root, [...NO_HOOKS, 'read-tree', head], { env })
    const add = [...NO_HOOKS, 'update-index', '--add', '--remove', '--', ...write, ...remove]
    await gitIn(root, add, { env })
    return await gitIn(root, [...NO_HOOKS, 'write-tree'], { env })
  } finally {
    await rm(index, { force: true })
  }
}

const commitOne = async (root: string, request: CommitRequest): Promise<string> => {
  const { message } = request
  const { write, remove } = requestPaths(request)
  const head = await ask(root, 'rev-parse', '--verify', '-q', 'HEAD')
  const tree = await makeTree(root, request, head)
  const parent = head === undefined ? [] : ['-p', head]
  const sha = await gitIn(root, ['commit-tree', tree, ...parent], { input: message })
  const paths = [...write, ...remove]
  await gitIn(root, [...NO_HOOKS, 'update-index', '--add', '--remove', '--', ...paths])
  await gitIn(root, [...NO_HOOKS, 'update-ref', 'HEAD', sha, head ?? ''])
  return sha
}

const answer = async (root: string, request: CommitRequest): Promise<CommitResult> => {
  const wait = await notNow(root)
  if (wait !== undefined) return wait
  try {
    const sha = (await holder(root, request)) ?? (await commitOne(root, request))
    return { status: 'committed', sha }
  } catch (error) {
    return { status: 'failed', code: 'GIT_FAILED', message: String(error) }
  }
}

/** A slow but correct strategy of git plumbing commands, which tests the suite itself. */
export const plumbingStrategy = (): CommitStrategy => ({
  name: 'plumbing',
  commit: async (root, requests) => {
    const results: CommitResult[] = []
    for (const request of requests) results.push(await answer(root, request))
    return results
  },
})
