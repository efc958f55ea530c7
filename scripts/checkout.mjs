// Another revision of this repository, installed and built with its own scripts.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** A copy of this repository at a commit, which shares its objects and is removed in the end. */
const cloneAt = (commit) => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'kitty-checkout-'))
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
  throw new Trouble(`${name} is no revision of this repository, and no folder with one.`)
}

/**
 * Installs and builds a revision of this repository in a folder for temporary files, or in the folder where it has
 * been checked out already. Gives the folder. Throws `Trouble` where there is no such revision or it cannot be built.
 */
export const checkout = async (name) => {
  // Ctrl-C ends in the ordinary way, so that what was made is removed.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
  const folder = folderOf(name)
  const start = [join(folder, 'scripts', 'start.mjs'), '--version']
  const code = await run(process.execPath, start, { cwd: folder, quiet: true })
  if (code !== 0) throw new Trouble(`${name} could not be set up, see above.`)
  return folder
}
