import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  configureRepository,
  newRepository,
  type Repository,
  type RepositoryOptions,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { syncLedgers } from '../../src/sync/sync-ledgers.js'
import type { SyncOptions, SyncResult } from '../../src/sync/sync-result.js'
import { openWithLedger } from './ledger.js'
import { closeOne } from './store.js'

/** A bare repository with one branch. */
export const newServer = async (options: RepositoryOptions = {}): Promise<Repository> => {
  const first = await newRepository({ branch: 'main', ...options })
  const path = join(await tempFolder(), 'server.git')
  await first.git('clone', '--quiet', '--bare', '--template=', '.', path)
  await configureRepository(path)
  return repositoryAt(path)
}

/** A clone of the server, from an address or from its path. */
export const cloneFrom = async (
  server: Repository,
  ...args: readonly string[]
): Promise<Repository> => {
  const path = join(await tempFolder(), 'clone')
  const [url = server.path, ...options] = args.toSorted(
    (a, b) => Number(a.startsWith('-')) - Number(b.startsWith('-')),
  )
  const isUrl = url.includes('://')
  await server.git(
    'clone',
    '--quiet',
    '--template=',
    ...(isUrl ? options : args),
    isUrl ? url : server.path,
    path,
  )
  await configureRepository(path)
  return repositoryAt(path)
}

/** A clone with a store that keeps a ledger, and these many closed Ops. */
export type Member = {
  readonly clone: Repository
  readonly ops: Ops
  readonly ids: readonly string[]
}

export const closeSome = async (ops: Ops, count: number): Promise<readonly string[]> => {
  const ids: string[] = []
  for (let number = 0; number < count; number += 1) ids.push((await closeOne(ops)).id)
  return ids
}

export const newMember = async (
  server: Repository,
  count = 1,
  ...args: readonly string[]
): Promise<Member> => {
  const clone = await cloneFrom(server, ...args)
  await clone.git('switch', '--quiet', '--create', 'work')
  const ops = await openWithLedger(clone.path)
  return { clone, ops, ids: await closeSome(ops, count) }
}

export const sync = (
  { path }: Repository,
  options: Partial<SyncOptions> = {},
): Promise<SyncResult> => syncLedgers(path, { remote: 'origin', ...options })

/** A copy of a clone, as `cp -r` makes it. */
export const copyOf = async ({ clone }: Member): Promise<Member> => {
  const path = join(await tempFolder(), 'copy')
  await cp(clone.path, path, { recursive: true, verbatimSymlinks: true })
  return { clone: repositoryAt(path), ops: await openWithLedger(path), ids: [] }
}

/** The refs below a folder, `<id> <name>` a line. */
export const refsIn = async ({ git }: Repository, folder = 'refs/'): Promise<readonly string[]> => {
  const listed = await git('for-each-ref', '--format=%(objectname) %(refname)', folder)
  return listed.split('\n').filter(Boolean)
}

/** The ids of the Ops in ledgers, sorted, each once. */
const opsUnder = async (repository: Repository, folder: string): Promise<readonly string[]> => {
  const ids = new Set<string>()
  for (const line of await refsIn(repository, folder)) {
    const [tip = ''] = line.split(' ')
    const paths = await repository.git('ls-tree', '-r', '--name-only', '--full-tree', tip)
    for (const [, id = ''] of paths.matchAll(/\/(\w{26})\.jsonl$/gm)) ids.add(id)
  }
  return [...ids].toSorted()
}

/** What the server has. */
export const published = (server: Repository): Promise<readonly string[]> =>
  opsUnder(server, 'refs/kitty/ops/')

/** What a clone fetched from other clones. */
export const collected = (clone: Repository): Promise<readonly string[]> =>
  opsUnder(clone, 'refs/kitty/remotes/origin/')

/** Installs a hook. */
export const hookIn = async (
  { git, path }: Repository,
  name: string,
  script: string,
): Promise<void> => {
  const folder = join(path, await git('rev-parse', '--git-path', 'hooks'))
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}
