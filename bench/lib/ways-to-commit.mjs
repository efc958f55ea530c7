// The ways to commit a closed Op that `bench commit` compares. Each makes its own repository, and returns how to
// prepare one commit, and how to make it.
import fs, { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { directGit, ledger, withLedger } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import isomorphic from 'isomorphic-git'
import { simpleGit } from 'simple-git'
import { git, removeAtExit, repositoryOf } from './repository.mjs'

const REQUEST = { profile_id: 'bench', action: 'measure', request_text: 'How long?', actor: 'x' }
const RECORD = 'x'.repeat(400)

/**
 * This software. `records` are earlier records; `packages` can be those of another build; `newStrategy` makes the
 * strategy.
 */
export const specKitty = async (
  files,
  durability,
  records = [],
  packages = { directGit, openOps },
  newStrategy = packages.directGit,
) => {
  const root = repositoryOf(files, records)
  const { openOps } = packages
  const strategy = newStrategy()
  // Older builds, which `--against` measures, call the option `commit`, and the id `invocation_id`.
  const ops = await openOps({ root, strategy, commit: strategy, durability })
  const run = async ({ id, invocation_id = id }) => {
    const { commit } = await ops.complete(invocation_id, { outcome: 'done' })
    if (commit.status !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`)
  }
  return { root, prepare: () => ops.start(REQUEST), run }
}

/** The ledger alone, and beside direct git. */
export const keepsLedger = {
  alone: (files, durability) => specKitty(files, durability, [], undefined, ledger),
  beside: (files, durability) =>
    specKitty(files, durability, [], undefined, () => withLedger(directGit())),
}

/** This software in a repository with 64 open Ops, eight in each of eight work trees. */
export const amongOpenOps = async (files, packages = { directGit, openOps }) => {
  const { root, prepare, run } = await specKitty(files, 'process', [], packages)
  await run(await prepare())
  for (let tree = 0; tree < 8; tree += 1) {
    const linked = `${root}-${tree}`
    removeAtExit(linked)
    if (tree > 0) await git(root, 'worktree', 'add', '--quiet', linked)
    const strategy = packages.directGit()
    const ops = await packages.openOps({
      root: tree > 0 ? linked : root,
      strategy,
      commit: strategy,
    })
    for (let op = 0; op < 8; op += 1) await ops.start(REQUEST)
  }
  return { root, prepare, run }
}

/** Another way to commit. It gets a file like a record. */
const rival = (files, commitWith) => {
  const root = repositoryOf(files)
  mkdirSync(join(root, 'kitty-ops'))
  const commit = commitWith(root)
  const prepare = (round) => {
    const path = `kitty-ops/${String(round).padStart(26, '0')}.jsonl`
    writeFileSync(join(root, path), RECORD)
    return path
  }
  return { root, prepare, run: commit }
}

const addAndCommit = (root) => async (path) => {
  await git(root, 'add', path)
  await git(root, 'commit', '--quiet', '-m', 'x')
}

const addAndCommitOnly = (root) => async (path) => {
  await git(root, 'add', path)
  await git(root, 'commit', '--quiet', '--only', '-m', 'x', '--', path)
}

const withSimpleGit = (root) => {
  const repository = simpleGit(root)
  return async (path) => {
    await repository.add(path)
    await repository.commit('x', [path])
  }
}

const withIsomorphicGit = (root) => {
  const author = { name: 'Bench', email: 'bench@example.org' }
  return async (path) => {
    await isomorphic.add({ fs, dir: root, filepath: path })
    await isomorphic.commit({ fs, dir: root, message: 'x', author })
  }
}

/** The cheapest way that does not touch what the user has staged. */
export const THE_RIVAL = 'git add + git commit --only'

/**
 * Returns the other ways by name. isomorphic-git reads the whole index for each file, so it is left out for more than
 * 10,000 files.
 */
export const rivals = (files) => ({
  'git add + git commit': rival(files, addAndCommit),
  [THE_RIVAL]: rival(files, addAndCommitOnly),
  'simple-git add + commit': rival(files, withSimpleGit),
  ...(files <= 10_000 && { 'isomorphic-git add + commit': rival(files, withIsomorphicGit) }),
})
