import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOREIGN = /^(GIT_|SPEC_KITTY_|EMAIL$|SSH_ASKPASS$)/

let home: string | undefined

const makeHome = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-home-')))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'gitconfig'), '')
  return folder
}

/**
 * Isolates this process and its children from the user's and the machine's git configuration, and from variables that
 * this software reads. Returns the empty home folder that is used instead.
 */
export const isolateGit = (): string => {
  if (home !== undefined && process.env.HOME === home) return home
  for (const name of Object.keys(process.env)) if (FOREIGN.test(name)) delete process.env[name]
  home ??= makeHome()
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  })
  return home
}
