// A copy of what a release reads, in a repository of its own, where nothing can be harmed.
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

/** Packing looks up the version of a neighbour where it is installed. */
const linkNeighbours = (folder, name) => {
  const place = join(folder, 'packages', name, 'node_modules', '@kitty')
  const { dependencies, devDependencies } = manifestOf(folder, name)
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!dependency.startsWith('@kitty/')) continue
    mkdirSync(place, { recursive: true })
    const neighbour = dependency.slice('@kitty/'.length)
    const places = FOLDERS.map((each) => join(folder, each, neighbour))
    symlinkSync(places.find(existsSync), join(place, neighbour), 'junction')
  }
}

/** Fills an empty folder; gives the names of the packages. */
export const copyForRelease = async (folder) => {
  const filter = (source) => !LEFT_OUT.test(relative(top, source))
  for (const name of [...FILES, ...FOLDERS])
    cpSync(join(top, name), join(folder, name), { recursive: true, filter })
  for (const args of GIT) {
    if ((await run('git', args, { cwd: folder, quiet: true })) !== 0) {
      throw new Trouble('git made no repository of the copy, see above.')
    }
  }
  const names = readdirSync(join(folder, 'packages'))
  for (const name of names) linkNeighbours(folder, name)
  return names
}
