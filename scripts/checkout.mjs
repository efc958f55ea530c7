// Checks out another revision of this repository, and installs and builds it with its own scripts.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { run, top } from './run.mjs'
import { Trouble } from './trouble.mjs'

const git = (...args) =>
  execFileSync('git', args, { cwd: top, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const commitOf = (revision) => {
  try {
    return git(
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ).trim()
  } catch {
    return undefined
  }
}

/** Clones this repository at a commit. The clone shares its objects, and is removed when the process exits. */
const cloneAt = (commit, parent = tmpdir()) => {
  const folder = mkdtempSync(join(realpathSync(parent), 'kitty-checkout-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  git('clone', '--quiet', '--shared', '--no-checkout', '--', top, folder)
  git('-C', folder, 'checkout', '--quiet', '--detach', commit)
  return folder
}

const folderOf = (name) => {
  const commit = commitOf(name)
  if (commit !== undefined) return cloneAt(commit)
  const folder = resolve(top, name)
  if (existsSync(join(folder, 'scripts', 'start.mjs'))) return folder
  throw new Trouble(
    `${name} is neither a revision of this repository nor a folder with a checkout.`,
  )
}

const setUp = async (folder, name) => {
  // Exit normally on Ctrl-C, so that the clone is removed.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
  const start = [join(folder, 'scripts', 'start.mjs'), '--version']
  const code = await run(process.execPath, start, { cwd: folder, quiet: true })
  if (code !== 0) throw new Trouble(`Could not set up ${name}. See above.`)
  return folder
}

/**
 * Installs and builds a revision of this repository in a temporary folder, or in place if `name` is a folder with a
 * checkout. Returns the folder. Throws `Trouble` if the revision does not exist or cannot be built.
 */
export const checkout = async (name) => setUp(folderOf(name), name)

/** A folder for builds that only this user can change. A dot or `node_modules` in its path would make them fail. */
const keptBuilds = () => {
  const { uid, username } = userInfo()
  const folder = join(realpathSync(tmpdir()), `kitty-builds-${username}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const info = lstatSync(folder)
  if (info.isDirectory() && (uid < 0 || info.uid === uid)) return folder
  throw new Trouble(`${folder} belongs to another user. Delete it.`)
}

/**
 * Like `checkout`, but keeps the build of a commit in the folder for temporary files. Returns `undefined` if this clone
 * does not have the commit.
 */
export const keptCheckout = async (revision) => {
  const commit = commitOf(revision)
  if (commit === undefined) return undefined
  const kept = join(keptBuilds(), commit)
  if (existsSync(kept)) return kept
  const folder = await setUp(cloneAt(commit, keptBuilds()), revision)
  // Another process may have been faster.
  if (!existsSync(kept)) renameSync(folder, kept)
  return kept
}
