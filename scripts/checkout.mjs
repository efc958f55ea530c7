// Checks out another revision of this repository, and installs and builds it with its own scripts.
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

/** Clones this repository at a commit. The clone shares its objects, and is removed when the process exits. */
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
  throw new Trouble(
    `${name} is neither a revision of this repository nor a folder with a checkout.`,
  )
}

/**
 * Installs and builds a revision of this repository in a temporary folder, or in place if `name` is a folder with a
 * checkout. Returns the folder. Throws `Trouble` if the revision does not exist or cannot be built.
 */
export const checkout = async (name) => {
  // Exit normally on Ctrl-C, so that the clone is removed.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
  const folder = folderOf(name)
  const start = [join(folder, 'scripts', 'start.mjs'), '--version']
  const code = await run(process.execPath, start, { cwd: folder, quiet: true })
  if (code !== 0) throw new Trouble(`Could not set up ${name}. See above.`)
  return folder
}
