// Files of a git directory that are read without git. Git is asked what they mean.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProjectRoot } from '@kitty/writer'
import {
  findNoWorkTree,
  findUnreachableTop,
  findWorkTree,
  knownWorkTrees,
  rootsInWorkTrees,
  stateDirOf,
} from '@kitty/writer/internals'
import { git, newRepository } from '../../lib/repository.mjs'
import { built } from '../built.mjs'
import { temporaryFolder } from '../temporary.mjs'

const { settingIn, isTrue } = await built('writer', 'fs/git-config')
const { headCommitInFiles } = await built('writer', 'project/head-commit')
const { readHead, readTip, readRefTip } = await built('git-commit', 'repository/head')
const { readNotedTip, readOwnWriter } = await built('git-commit', 'ledger/own-writer')
const { isBrokenRef } = await built('git-commit', 'ledger/broken-ref')

const ask = (folder, ...args) => {
  const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
  return status === 0 ? stdout.trimEnd() : undefined
}

const ID = /^[0-9a-f]{40}$/

/** A repository with packed refs, a linked work tree and a ref of a ledger. */
const repository = () => {
  const folder = temporaryFolder()
  const main = join(folder, 'main')
  newRepository(main)
  git(main, 'branch', 'side')
  git(main, 'update-ref', 'refs/kitty/ops/01K6ZP4W3M8Q2V5X7Y9A1B3C5E', 'HEAD')
  git(main, 'pack-refs', '--all')
  git(main, 'worktree', 'add', '--quiet', join(folder, 'linked'), 'side')
  const tip = git(main, 'rev-parse', 'HEAD').trim()
  const shared = join(main, '.git', 'kitty')
  mkdirSync(shared)
  writeFileSync(join(shared, 'writer'), '01K6ZP4W3M8Q2V5X7Y9A1B3C5E\n')
  writeFileSync(join(shared, 'ledger-tip'), `01K6ZP4W3M8Q2V5X7Y9A1B3C5E ${tip}\n`)
  return { folder, main, linked: join(folder, 'linked') }
}

const filesIn = (main, linked) =>
  [
    'HEAD',
    'config',
    'packed-refs',
    'refs/heads/work',
    'worktrees/linked/HEAD',
    'worktrees/linked/commondir',
    'worktrees/linked/gitdir',
    'kitty/writer',
    'kitty/ledger-tip',
  ]
    .map((path) => join(main, '.git', path))
    .concat(join(linked, '.git'))

/** Reads everything that is read without git. Returns what it says of the commit at HEAD. */
const readAll = async (folder) => {
  await findProjectRoot(folder)
  await findNoWorkTree(folder)
  await findUnreachableTop(folder)
  await rootsInWorkTrees(folder)
  await knownWorkTrees(folder)
  await stateDirOf(folder)
  const tree = await findWorkTree(folder)
  if (tree === undefined) return undefined
  const writer = readOwnWriter(tree.commonDir)
  const noted = writer && readNotedTip(tree.commonDir, writer)
  const ledger = `refs/kitty/ops/${writer}`
  isBrokenRef(tree.commonDir, ledger)
  const ids = [noted, await readRefTip(tree, ledger), headCommitInFiles(tree) || undefined]
  const odd = ids.find((id) => id !== undefined && !ID.test(id))
  if (odd !== undefined) throw new Error(`${JSON.stringify(odd)} is no id`)
  const head = await readHead(tree)
  const tip = await readTip(tree, head)
  if (tip !== undefined && !ID.test(tip)) throw new Error(`${JSON.stringify(tip)} is no tip`)
  if (head.kind === 'branch' && /(?:^|\/)\.\.(?:\/|$)/.test(head.ref))
    throw new Error(`${JSON.stringify(head.ref)} leads out of the repository`)
  return { tip, inFiles: ids[2] }
}

export const gitFiles = () => {
  const { main, linked } = repository()
  const files = filesIn(main, linked)
  const sound = files.map((path) => (existsSync(path) ? readFileSync(path) : undefined))
  return {
    samples: [
      ...sound.filter(Boolean),
      Buffer.from('ref: refs/heads/side\n'),
      Buffer.from('ref: refs/heads/../../../../../../etc/passwd\n'),
      Buffer.from('gitdir: ../main/.git\n'),
      Buffer.from('--all\n'),
    ],
    share: 0.005,
    grows: false,
    check: async (bytes) => {
      const at = bytes.length % files.length
      const [path, folder] = [files[at], /linked/.test(files[at]) ? linked : main]
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      try {
        const found = await readAll(folder)
        if (found?.inFiles === undefined) return undefined
        // Where git answers, it says the same.
        const said = ask(folder, 'rev-parse', '--quiet', '--verify', 'HEAD')
        return said === undefined || said === found.inFiles
          ? undefined
          : `git says ${said} of ${path}, not ${found.inFiles}`
      } finally {
        if (sound[at] === undefined) rmSync(path)
        else writeFileSync(path, sound[at])
      }
    },
  }
}

/** `git config` and `settingIn` must mean the same. */
export const gitConfig = () => {
  const folder = temporaryFolder()
  const path = join(folder, 'config')
  const names = ['core.worktree', 'core.bare', 'core.sharedrepository']
  return {
    samples: [
      '[core]\n\tbare = false\n\tworktree = "../a \\"b\\" # c" ; d\n\tsharedRepository = 0660\n',
      '[core "x"]\nbare = true\n[CORE] bare\n[core]worktree=\\\n  a\\tb\n',
      '[user]\n\tname = x\n[core]\n# [core]\n  bare = 1k ; \n; worktree = x\n[remote "a]b"]\n\turl = y\n',
    ].map((text) => Buffer.from(text)),
    share: 0.005,
    longest: 1 << 18,
    check: (bytes) => {
      writeFileSync(path, bytes)
      const listed = ask(folder, 'config', '--file', path, '--no-includes', '-z', '--list')
      const text = bytes.toString()
      const own = names.map((name) => settingIn(text, 'core', name.slice('core.'.length)))
      isTrue(own[1])
      // What git refuses, or what is not text, has no meaning.
      if (listed === undefined || /\0./s.test(text) || text.includes('\ufffd')) return undefined
      const entries = listed.split('\0').map((entry) => {
        const end = entry.indexOf('\n')
        return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]
      })
      const said = new Map(entries)
      // Versions of git differ in the white space inside a value.
      const plain = (value) => value?.replaceAll(/\s/g, ' ')
      const at = names.findIndex((name, number) => plain(said.get(name)) !== plain(own[number]))
      return at < 0
        ? undefined
        : `git says ${JSON.stringify(said.get(names[at]))} of ${names[at]}, not ${JSON.stringify(own[at])}`
    },
  }
}
