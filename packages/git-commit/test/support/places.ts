import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import { withBranches } from './branches.js'

/** A clone over a transport, whose remote is then removed: every fetch fails. */
export const cloneOf = async (...options: readonly string[]): Promise<Repository> => {
  const remote = await withBranches()
  await remote.git('config', 'uploadpack.allowFilter', 'true')
  await remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  const folder = await tempFolder()
  const path = join(folder, 'clone')
  // Before 2.36, git creates no `info` folder for a sparse clone, and fails without one.
  await mkdir(join(folder, 'template', 'info'), { recursive: true })
  const template = `--template=${join(folder, 'template')}`
  const url = pathToFileURL(remote.path).href
  await remote.git('clone', '--quiet', template, ...options, url, path)
  await configureRepository(path)
  await rm(remote.path, { recursive: true })
  return repositoryAt(path)
}

const linkedWorktree = async (): Promise<Repository> => {
  const repository = await withBranches()
  const path = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', path, 'other')
  return repositoryAt(path)
}

const worktreeWithItsOwnSettings = async (): Promise<Repository> => {
  const repository = await linkedWorktree()
  await repository.git('config', 'extensions.worktreeConfig', 'true')
  await repository.git('config', '--worktree', 'user.name', 'Somebody Else')
  return repository
}

const submodule = async (): Promise<Repository> => {
  const [outer, inner] = [await withBranches(), await withBranches()]
  const allow = ['-c', 'protocol.file.allow=always']
  await outer.git(...allow, 'submodule', '--quiet', 'add', inner.path, 'libs/inner')
  await outer.commit('Add a submodule')
  const path = join(outer.path, 'libs', 'inner')
  await configureRepository(path)
  return repositoryAt(path)
}

/** The folder with the git directory, and only a pointer to it in the work tree. */
const gitDirectoryElsewhere = async (): Promise<Repository> => {
  const path = await tempFolder()
  const gitDir = join(await tempFolder(), 'elsewhere.git')
  const repository = repositoryAt(path)
  await repository.git('init', '--quiet', '--template=', '--separate-git-dir', gitDir)
  await configureRepository(path)
  await repository.commit('First commit')
  return repository
}

const below = (folder: string) => async (): Promise<Repository> => {
  const { path } = await newRepository({ files: { [`${folder}/file.txt`]: 'a file\n' } })
  return repositoryAt(join(path, ...folder.split('/')))
}

type Place = () => Promise<Repository>

/** Names that Windows does not allow. */
const ODD_FOLDERS: Readonly<Record<string, Place>> = {
  'a folder with quotes': below(`it's a "folder" \\ of mine`),
  'a folder with the magic of pathspecs': below(':(glob)[a]*?'),
  'a folder with a line break': below('two\nlines'),
}

/** Every kind of place in git that a project root can be, newly made. */
export const PLACES: Readonly<Record<string, Place>> = {
  ...(process.platform !== 'win32' && ODD_FOLDERS),
  'a linked worktree': linkedWorktree,
  'a linked worktree with settings of its own': worktreeWithItsOwnSettings,
  'a submodule': submodule,
  'a git directory elsewhere': gitDirectoryElsewhere,
  'a folder below the top': below('services/api'),
  'a folder with spaces': below(`  it's a folder of mine`),
  'a folder with letters of all kinds': below('größe/日本語/🦊'),
  'a folder that looks like a comment': below('#!x'),
  'a shallow clone': () => cloneOf('--depth=1'),
  'a clone without blobs': () => cloneOf('--filter=blob:none'),
  'a clone without trees': () => cloneOf('--filter=tree:0'),
  'a clone of one branch, sparse, without blobs': () => cloneOf('--filter=blob:none', '--sparse'),
  'a SHA-256 repository': () => newRepository({ objectFormat: 'sha256' }),
}
