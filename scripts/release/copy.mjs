// Copies what a release reads into a separate repository.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run, top } from '../run.mjs'
import { Trouble } from '../trouble.mjs'

const FILES = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset']
const FOLDERS = ['packages', 'internal']
const LEFT_OUT = /(^|[\\/])(node_modules|test|coverage|\.turbo)$/

const IDENTITY = ['-c', 'user.name=Release', '-c', 'user.email=release@example.org']
const GIT = [
  ['init', '--quiet', '--initial-branch=main'],
  ['add', '--all'],
  [...IDENTITY, '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--no-verify', '-m', 'Before'],
]

export const manifestOf = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8'))

/** Links a package's workspace dependencies: packing reads their versions from `node_modules`. */
const linkDependencies = (folder, name) => {
  const links = join(folder, 'packages', name, 'node_modules', '@kitty')
  const { dependencies, devDependencies } = manifestOf(folder, name)
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!dependency.startsWith('@kitty/')) continue
    mkdirSync(links, { recursive: true })
    const short = dependency.slice('@kitty/'.length)
    const candidates = FOLDERS.map((each) => join(folder, each, short))
    symlinkSync(candidates.find(existsSync), join(links, short), 'junction')
  }
}

/** Fills an empty folder. Returns the names of the packages. */
export const copyForRelease = async (folder) => {
  const filter = (source) => !LEFT_OUT.test(relative(top, source))
  for (const name of [...FILES, ...FOLDERS])
    cpSync(join(top, name), join(folder, name), { recursive: true, filter })
  for (const args of GIT) {
    if ((await run('git', args, { cwd: folder, quiet: true })) !== 0) {
      throw new Trouble('Could not make a git repository of the copy. See above.')
    }
  }
  const names = readdirSync(join(folder, 'packages'))
  for (const name of names) linkDependencies(folder, name)
  return names
}
