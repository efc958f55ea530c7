// Git gives the files in a git directory the modes that `core.sharedRepository` asks for, so that several users can work
// in one repository. What this software creates there gets the same modes. So do records and what lies beside them, or
// another user could not close an Op. Without that setting, modes are as the umask says.
//
// Limits: the setting is read from the repository's own `config` file, once for each folder and process. Files that it
// includes, and other levels of configuration, are not read.

import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errnoOf, isUnsupported } from './errors.js'
import { settingIn } from './git-config.js'

/** As in git: 0 for the umask, bits to add, or negative: exactly these bits. */
type Sharing = number

const [UMASK, GROUP, EVERYBODY] = [0, 0o660, 0o664]
const WORDS = new Map<string, Sharing>([
  ...['umask', 'false', 'no', 'off', '0', ''].map((word) => [word, UMASK] as const),
  ...['group', 'true', 'yes', 'on', '1'].map((word) => [word, GROUP] as const),
  ...['all', 'world', 'everybody', '2'].map((word) => [word, EVERYBODY] as const),
])

const sharingOfValue = (value: string): Sharing => {
  const word = WORDS.get(value.toLowerCase())
  if (word !== undefined) return word
  const bits = /^0?[0-7]{3}$/.test(value) ? Number.parseInt(value, 8) : 0
  // Git refuses a mode that does not let the owner read and write.
  return (bits & 0o600) === 0o600 ? -(bits & 0o666) : UMASK
}

/** The value of `core.sharedRepository` in the text of a `config` file. */
const sharingIn = (config: string): Sharing =>
  sharingOfValue(settingIn(config, 'core', 'sharedrepository') ?? '')

const tryRead = (path: string): string | undefined => {
  // An exception costs more than all the rest.
  if (!existsSync(path)) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const POINTER = /^gitdir: (.+?)[\r\n]*$/

/** The git directory that a folder is, or that is in it. */
const gitDirAt = (folder: string): string | undefined => {
  const inside = join(folder, '.git')
  const pointer = POINTER.exec(tryRead(inside) ?? '')?.[1]
  const places = pointer === undefined ? [folder, inside] : [resolve(folder, pointer)]
  return places.find((place) => existsSync(join(place, 'HEAD')))
}

/** The sharing of the repository that contains a folder; the umask outside of one. */
const findSharing = (folder: string): Sharing => {
  const gitDir = gitDirAt(folder)
  if (gitDir !== undefined) {
    const commonDir = resolve(gitDir, (tryRead(join(gitDir, 'commondir')) ?? '.').trimEnd())
    const config = tryRead(join(commonDir, 'config'))
    if (config !== undefined) return sharingIn(config)
  }
  const parent = dirname(folder)
  return parent === folder ? UMASK : sharingOf(parent)
}

const known = new Map<string, Sharing>()

const sharingOf = (folder: string): Sharing => {
  const sharing = known.get(folder) ?? findSharing(folder)
  known.set(folder, sharing)
  return sharing
}

/** The mode that git gives a file or folder. */
const sharedMode = (mode: number, isFolder: boolean, sharing: Sharing): number => {
  const readable = Math.abs(sharing) & ((mode & 0o200) === 0 ? ~0o222 : ~0)
  const bits = readable | ((mode & 0o100) === 0 ? 0 : (readable & 0o444) >> 2)
  const shared = sharing < 0 ? (mode & ~0o777) | bits : mode | bits
  if (!isFolder) return shared
  const searchable = shared | ((shared & 0o444) >> 2)
  // New files in it belong to the group of the folder.
  return (searchable & 0o060) === 0 ? searchable : searchable | 0o2000
}

/** Whether several users share the repository that contains this path. */
export const isShared = (path: string): boolean => sharingOf(dirname(path)) !== UMASK

/**
 * Gives a file or folder that was just created the mode that git would give it in a git directory: see
 * `core.sharedRepository`. Does nothing if the file system has no modes. Throws system errors.
 */
export const shareLikeGit = (path: string): void => {
  const sharing = sharingOf(dirname(path))
  if (sharing === UMASK || process.platform === 'win32') return
  const info = statSync(path)
  const mode = info.mode & 0o7777
  const wanted = sharedMode(mode, info.isDirectory(), sharing)
  if (wanted === mode) return
  try {
    chmodSync(path, wanted)
  } catch (error) {
    // This process has just created the file, so no other owner forbids it: the mount does (FAT, some network shares).
    if (errnoOf(error) !== 'EPERM' && !isUnsupported(error)) throw error
  }
}
