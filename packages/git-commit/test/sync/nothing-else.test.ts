import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { readLedgers } from '../../src/inspect/ledger-copies.js'
import { listLedgers } from '../../src/inspect/ledgers.js'
import { writerOf } from '../support/ledger.js'
import {
  cloneFrom,
  closeSome,
  collected,
  copyOf,
  hookIn,
  type Member,
  newMember,
  newServer,
  published,
  refsIn,
  sync,
} from '../support/sync.js'

/** What a sync may change: objects, refs of ledgers, and what this software keeps about them. */
const MAY_CHANGE = /^(?:objects|kitty|refs\/kitty|logs\/refs\/kitty)(?:\/|$)/

/** Every other file of the git directory, by its path, and every ref that is not of a ledger. */
const everythingElse = async (repository: Repository) => {
  const gitDir = join(repository.path, await repository.git('rev-parse', '--git-dir'))
  const entries = await readdir(gitDir, { recursive: true, withFileTypes: true })
  const files = new Map<string, string>()
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(gitDir, path).replaceAll('\\', '/')
    if (!MAY_CHANGE.test(name)) files.set(name, (await readFile(path)).toString('latin1'))
  }
  const refs = (await refsIn(repository)).filter((line) => !line.includes(' refs/kitty/'))
  return { files, refs }
}

const ALL_HOOKS = [
  'pre-push',
  'reference-transaction',
  'post-merge',
  'pre-auto-gc',
  'post-checkout',
  'post-index-change',
  'fsmonitor-watchman',
]

/** Hooks of the user, each of which leaves a trace. */
const withHooks = async (clone: Repository): Promise<string> => {
  const trace = join(await tempFolder(), 'ran').replaceAll('\\', '/')
  const script = `echo "$0 $*" >> '${trace}'; exit 1`
  for (const name of ALL_HOOKS) await hookIn(clone, name, script)
  await clone.git('config', 'hook.mine.command', script)
  for (const event of ['pre-push', 'reference-transaction']) {
    await clone.git('config', '--add', 'hook.mine.event', event)
  }
  return trace
}

/** Settings of the user that change what a plain `git fetch` or `git push` transfers. */
const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['push.followTags', 'true'],
  ['push.pushOption', 'ci.skip'],
  ['push.gpgSign', 'if-asked'],
  ['push.default', 'matching'],
  ['push.recurseSubmodules', 'check'],
  ['push.negotiate', 'true'],
  ['fetch.prune', 'true'],
  ['fetch.pruneTags', 'true'],
  ['fetch.recurseSubmodules', 'true'],
  ['fetch.writeCommitGraph', 'true'],
  ['fetch.all', 'true'],
  ['fetch.bundleURI', 'file:///nowhere/bundle'],
  ['submodule.recurse', 'true'],
  ['gc.auto', '1'],
  ['maintenance.auto', 'true'],
  ['remote.origin.mirror', 'true'],
  ['remote.origin.tagOpt', '--tags'],
  ['remote.origin.prune', 'true'],
  ['remote.origin.push', '+refs/heads/*:refs/heads/*'],
  ['remote.origin.fetch', '+refs/*:refs/everything/*'],
  ['remote.origin.followRemoteHEAD', 'always'],
  ['remote.origin.serverOption', 'an=option'],
  ['color.ui', 'always'],
  ['core.fsmonitor', 'true'],
]

/** A clone with all of these settings and hooks, a tag and a branch that a push could take along, and a server with its own. */
const temptingPlace = async () => {
  const server = await newServer()
  const [a, b] = [await newMember(server, 2), await newMember(server, 1)]
  await sync(b.clone)
  await server.git('update-ref', 'refs/heads/new', 'main')
  await server.git('update-ref', 'refs/tags/v1', 'main')
  const { clone } = a
  await clone.git('tag', '-a', '-m', 'mine', 'mine', `refs/kitty/ops/${await writerOf(clone)}`)
  await clone.git('branch', 'side')
  await clone.git('update-ref', 'refs/remotes/origin/gone', 'HEAD')
  await clone.write('staged.txt', 'staged')
  await clone.git('add', 'staged.txt')
  for (const [name, value] of SETTINGS) await clone.git('config', '--add', name, value)
  return { server, a, b, trace: await withHooks(clone) }
}

describe('a sync', () => {
  it('moves nothing but ledger refs, here and on the server, and runs no hook of the user', async () => {
    const { server, a, b, trace } = await temptingPlace()
    const before = [await everythingElse(a.clone), await everythingElse(server)]
    const result = await sync(a.clone)
    expect(result).toMatchObject({ pushed: [{ ops: 2 }], fetched: [{ ops: 1 }], skipped: [] })
    expect([await everythingElse(a.clone), await everythingElse(server)]).toEqual(before)
    expect(existsSync(trace)).toBe(false)
    const refs = (await refsIn(a.clone, 'refs/kitty')).map((line) => line.split(' ')[1])
    expect(refs).toEqual([
      `refs/kitty/ops/${await writerOf(a.clone)}`,
      `refs/kitty/remotes/origin/${await writerOf(b.clone)}`,
    ])
    expect(await published(server)).toEqual([...a.ids, ...b.ids].toSorted())
  })

  it('runs the hooks of the server, as every push does', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    for (const name of ['pre-receive', 'update', 'post-receive', 'reference-transaction']) {
      await hookIn(server, name, `: > "$GIT_DIR/ran-${name}"`)
    }
    await sync(a.clone)
    for (const name of ['pre-receive', 'update', 'post-receive', 'reference-transaction']) {
      expect(existsSync(join(server.path, `ran-${name}`))).toBe(true)
    }
  })

  it('renames the ledger of a copied clone without a hook, and moves nothing else', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    const copy = await copyOf(a)
    await closeSome(a.ops, 1)
    await closeSome(copy.ops, 1)
    await sync(a.clone)
    const trace = await withHooks(copy.clone)
    const before = await everythingElse(copy.clone)
    expect(await sync(copy.clone)).toMatchObject({ newWriter: { from: await writerOf(a.clone) } })
    expect(await everythingElse(copy.clone)).toEqual(before)
    expect(existsSync(trace)).toBe(false)
  })

  it.each([
    ['a shallow clone', ['--depth=1']],
    ['a clone without blobs', ['--filter=blob:none']],
    ['a clone without trees', ['--filter=tree:0']],
    ['a clone of one branch', ['--single-branch', '--no-tags']],
  ] as const)('has whole ledgers in %s', async (_, options) => {
    const server = await newServer()
    for (const name of ['allowFilter', 'allowAnySHA1InWant']) {
      await server.git('config', `uploadpack.${name}`, 'true')
    }
    const a = await newMember(server, 2)
    // On the branch, too, so that the server has reasons to leave blobs out.
    await a.clone.git('push', '--quiet', 'origin', 'work:main')
    await sync(a.clone)
    const clone = await cloneFrom(server, ...options, pathToFileURL(server.path).href)
    const { ops }: Member = await copyOf({ clone, ops: a.ops, ids: [] })
    const before = await everythingElse(clone)
    expect(await sync(clone)).toMatchObject({ fetched: [{ ops: 2, foreign: 0 }], skipped: [] })
    expect(await everythingElse(clone)).toEqual(before)
    const contents = await readLedgers(clone.path, await listLedgers(clone.path))
    expect([...contents.copies.keys()].toSorted()).toEqual(a.ids)
    expect(contents.broken).toEqual([])
    const [id] = await closeSome(ops, 1)
    expect(await sync(repositoryAt(ops.root))).toMatchObject({ pushed: [{ ops: 1 }], skipped: [] })
    expect(await published(server)).toContain(id)
  })

  it('works in a mirror clone, which has no ledger of its own and pushes none of others', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 1), await newMember(server, 1)]
    await sync(a.clone)
    const path = join(await tempFolder(), 'mirror.git')
    await server.git('clone', '--quiet', '--mirror', '--template=', server.path, path)
    const mirror = repositoryAt(path)
    await sync(b.clone)
    // Erased on the server: the mirror must not bring it back.
    await server.git('update-ref', '-d', `refs/kitty/ops/${await writerOf(a.clone)}`)
    const before = await everythingElse(mirror)
    expect(await sync(mirror)).toMatchObject({
      pushed: [],
      fetched: [{ writer: await writerOf(b.clone), ops: 1 }],
      skipped: [],
    })
    expect(await everythingElse(mirror)).toEqual(before)
    expect(await published(server)).toEqual(b.ids)
    expect(await collected(mirror)).toEqual(b.ids)
  })

  it('works in a linked work tree of a SHA-256 repository', async () => {
    const server = await newServer({ objectFormat: 'sha256' })
    const b = await newMember(server, 1)
    await sync(b.clone)
    const a = await newMember(server, 1)
    const linked = join(await tempFolder(), 'linked')
    await a.clone.git('worktree', 'add', '--quiet', linked)
    expect(await sync(repositoryAt(linked))).toMatchObject({
      pushed: [{ ops: 1 }],
      fetched: [{ ops: 1 }],
      skipped: [],
    })
  })
})
