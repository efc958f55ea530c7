import { access } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Repository } from '@kitty/test-kit'

const ATTRIBUTES = 'kitty-ops/.gitattributes'
const INDEX = 'kitty-ops/ops-index.jsonl'

const recordOf = (id: string): string => `kitty-ops/${id}.jsonl`

/** As the contract says; none of it comes from the code under test. */
const messageOf = (id: string): string =>
  `op(debugger-debbie): investigate [${id.slice(0, 8)}]\n\nOp-Id: ${id}\nOp-Outcome: done\n`

/** If two are in progress, the first is named. */
const DEFERRING = [
  ['rebase', 'rebase-merge'],
  ['am', 'rebase-apply/applying'],
  ['rebase', 'rebase-apply'],
  ['sequence', 'sequencer'],
  ['bisect', 'BISECT_LOG'],
] as const

const operation = async ({ path, git }: Repository): Promise<string | undefined> => {
  for (const [reason, name] of DEFERRING) {
    const file = resolve(path, await git('rev-parse', '--git-path', name))
    const there = await access(file).then(
      () => true,
      () => false,
    )
    if (there) return reason
  }
  return undefined
}

/** What direct git must return for the close of an Op here. */
export const modelAnswer = async (repository: Repository, id: string): Promise<string> => {
  const busy = await operation(repository)
  if (busy !== undefined) return busy
  const { exitCode } = await repository.tryGit('symbolic-ref', '--quiet', 'HEAD')
  if (exitCode !== 0) return 'detached-head'
  const ignored = await repository.tryGit('check-ignore', '--quiet', recordOf(id))
  return ignored.exitCode === 0 ? 'ignored' : 'committed'
}

/** Git with the model's own index. */
const aside = async ({ path, gitWith }: Repository, args: readonly string[], input = '') => {
  const env = { GIT_INDEX_FILE: resolve(path, '..', `${basename(path)}.model-index`) }
  const { exitCode, stdout, stderr } = await gitWith({ env, input }, ...args)
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

const entryOf = async ({ git }: Repository, path: string): Promise<string> =>
  `100644,${await git('hash-object', '-w', '--no-filters', path)},${path}`

const commitTree = async (repository: Repository, entries: readonly string[], id: string) => {
  const head = await repository.tryGit('rev-parse', '--quiet', '--verify', 'HEAD')
  const parent = head.exitCode === 0 ? head.stdout : undefined
  await aside(repository, ['read-tree', parent ?? '--empty'])
  for (const entry of entries) {
    await aside(repository, ['update-index', '--add', '--cacheinfo', entry])
  }
  const tree = await aside(repository, ['write-tree'])
  const parents = parent === undefined ? [] : ['-p', parent]
  const commit = await aside(repository, ['commit-tree', tree, ...parents], messageOf(id))
  await repository.git('update-ref', 'HEAD', commit)
}

const isInHead = async ({ tryGit }: Repository, path: string): Promise<boolean> =>
  (await tryGit('rev-parse', '--quiet', '--verify', `HEAD:${path}`)).exitCode === 0

/** The slow and simple way: a commit for each Op with git's plumbing, then the same paths in the index. */
export const modelCommit = async (
  repository: Repository,
  ids: readonly string[],
): Promise<void> => {
  const first = (await isInHead(repository, ATTRIBUTES)) ? [] : [ATTRIBUTES]
  const last = (await isInHead(repository, INDEX)) ? [INDEX] : []
  for (const [at, id] of ids.entries()) {
    const isLast = at === ids.length - 1
    const paths = [recordOf(id), ...(at === 0 ? first : []), ...(isLast ? last : [])]
    const entries = await Promise.all(paths.map((path) => entryOf(repository, path)))
    await commitTree(repository, entries, id)
    for (const entry of entries) {
      await repository.git('update-index', '--add', '--cacheinfo', entry)
    }
  }
}
