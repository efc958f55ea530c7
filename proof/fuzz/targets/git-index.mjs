// Git's index, which this software changes without git. Where git reads a damaged one, it must read the same files in
// ours, and the new one.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git, newRepository, tryGit } from '../../lib/repository.mjs'
import { built } from '../built.mjs'
import { temporaryFolder } from '../temporary.mjs'

const { parseIndex } = await built('git-commit', 'git-index/index-file-format')
const { addFiles } = await built('git-commit', 'git-index/add-files')

const ID_LENGTH = 20
const ADDED = 'kitty-ops/01K6ZP4W3M8Q2V5X7Y9A1B3C5E.jsonl'

const indexOf = (folder) => readFileSync(join(folder, '.git', 'index'))

/** Indexes with cached trees, with flags of version 3, with a conflict, and without anything. */
const samplesIn = (folder) => {
  newRepository(folder)
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
  for (const name of ['a/b/1', 'a/2', 'a-b', 'ü', 'kitty-ops.txt'])
    writeFileSync(join(folder, name), name)
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'One')
  const samples = [indexOf(folder)]
  writeFileSync(join(folder, 'intended'), '')
  git(folder, 'add', '--intent-to-add', 'intended')
  git(folder, 'update-index', '--skip-worktree', 'a/2')
  samples.push(indexOf(folder))
  git(folder, 'reset', '--quiet', '--hard')
  for (const side of ['one', 'two']) {
    git(folder, 'switch', '--quiet', '--create', side, 'work')
    writeFileSync(join(folder, 'a-b'), side)
    git(folder, 'commit', '--quiet', '--all', '-m', side)
  }
  tryGit(folder, 'merge', 'one')
  samples.push(indexOf(folder))
  git(folder, 'read-tree', '--empty')
  return [...samples, indexOf(folder)]
}

/** What git lists, without the file that was added; `undefined` if it refuses the index. */
const listedIn = (folder, bytes) => {
  const file = join(folder, '.git', 'fuzzed')
  writeFileSync(file, bytes)
  const env = { ...process.env, GIT_INDEX_FILE: file }
  const { status, stdout } = spawnSync('git', ['ls-files', '--stage', '-z'], { cwd: folder, env })
  if (status !== 0) return undefined
  const entries = stdout.toString('latin1').split('\0')
  const others = entries.filter((entry) => !entry.endsWith(`\t${ADDED}`))
  return { others: others.join('\0'), hasAdded: others.length < entries.length }
}

const withHash = (bytes) => {
  const body = bytes.subarray(0, Math.max(0, bytes.length - ID_LENGTH))
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

const AS_GIT_EVERY = 50

export const gitIndex = () => {
  const folder = temporaryFolder()
  const samples = samplesIn(folder)
  const id = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input: 'x' })
    .toString()
    .trim()
  let number = 0
  const check = (damaged) => {
    const index = parseIndex(damaged, ID_LENGTH)
    const parts = index && addFiles(index, [{ path: ADDED, id, stat: undefined }], 'sha1')
    if (parts === undefined) return undefined
    const changed = Buffer.concat(parts)
    if (parseIndex(changed, ID_LENGTH) === undefined) return 'the new index cannot be read'
    number += 1
    if (number % AS_GIT_EVERY !== 0) return undefined
    const before = listedIn(folder, withHash(damaged))
    const after = before && listedIn(folder, changed)
    if (before === undefined) return undefined
    return after?.hasAdded && after.others === before.others ? undefined : 'git lists other files'
  }
  return {
    samples,
    check,
    isValid: (bytes) => {
      const index = parseIndex(bytes, ID_LENGTH)
      return index && addFiles(index, [{ path: ADDED, id, stat: undefined }], 'sha1')
        ? undefined
        : 'a sound index is left to git'
    },
  }
}
