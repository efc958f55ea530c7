import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { copyPrepared } from './prepared.js'
import { type GitRun, type GitRunOptions, gitIn, tryGitIn } from './run-git.js'
import { type StagedState, stagedState } from './staged-state.js'
import { tempFolder } from './temp-folder.js'

export type RepositoryOptions = {
  /** The branch that is checked out. Default: `work`, which is not protected. */
  readonly branch?: string
  readonly objectFormat?: 'sha1' | 'sha256'
  /** Leaves the branch without a commit. */
  readonly unborn?: boolean
  /** Files of the first commit, by path. Default: a `README.md`. */
  readonly files?: Readonly<Record<string, string>>
}

/** A real git repository in a temporary folder. Paths are relative to its top, with `/`. */
export interface Repository {
  readonly path: string
  /** Runs git as the user. Returns its output. Throws with git's message if it fails. */
  git(...args: string[]): Promise<string>
  tryGit(...args: string[]): Promise<GitRun>
  /** Runs git with variables or standard input. */
  gitWith(options: GitRunOptions, ...args: string[]): Promise<GitRun>
  write(path: string, content: string | Uint8Array): Promise<void>
  read(path: string): Promise<string>
  /** Stages and commits everything. Returns the id of the commit. */
  commit(message: string): Promise<string>
  /** Returns the id of the commit at HEAD. */
  head(): Promise<string>
  /** Returns a line for each commit, from HEAD backwards. Returns an empty list on an unborn branch. */
  log(format?: string): Promise<string[]>
  indexBytes(): Promise<Buffer>
  stagedState(except?: readonly string[]): Promise<StagedState>
  statusPorcelain(): Promise<string[]>
}

const SETTINGS = {
  'user.name': 'Ursula Test',
  'user.email': 'ursula@example.org',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'core.autocrlf': 'false',
  'advice.detachedHead': 'false',
  'protocol.file.allow': 'always',
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const gitPath = async (path: string, name: string): Promise<string> =>
  resolve(path, await gitIn(path, ['rev-parse', '--git-path', name]))

/** Configures an existing repository as tests need it, for example an identity, no gc and no signing. */
export const configureRepository = async (path: string): Promise<void> => {
  const config = Object.entries(SETTINGS).map(([name, value]) => {
    const [section, key] = name.split('.')
    return `[${section}]\n\t${key} = ${value}\n`
  })
  await writeFile(await gitPath(path, 'config'), config.join(''), { flag: 'a' })
}

/** Returns the methods for tests of an existing repository, clone, submodule or linked work tree. */
export const repositoryAt = (path: string): Repository => {
  const git = (...args: string[]): Promise<string> => gitIn(path, args)
  const head = (): Promise<string> => git('rev-parse', 'HEAD')
  return {
    path,
    git,
    head,
    tryGit: (...args) => tryGitIn(path, args),
    gitWith: (options, ...args) => tryGitIn(path, args, options),
    write: async (file, content) => {
      await mkdir(dirname(join(path, file)), { recursive: true })
      await writeFile(join(path, file), content)
    },
    read: (file) => readFile(join(path, file), 'utf8'),
    commit: async (message) => {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '-m', message)
      return head()
    },
    log: async (format = '%s') =>
      lines((await tryGitIn(path, ['log', `--format=${format}`])).stdout),
    indexBytes: async () => readFile(await gitPath(path, 'index')),
    stagedState: (except) => stagedState(path, except),
    statusPorcelain: async () => lines(await git('status', '--porcelain', '--untracked-files=all')),
  }
}

const makeRepository = async (path: string, options: RepositoryOptions): Promise<void> => {
  const repository = repositoryAt(path)
  const {
    branch = 'work',
    objectFormat = 'sha1',
    files = { 'README.md': '# A project\n' },
  } = options
  const kind = [`--object-format=${objectFormat}`, `--initial-branch=${branch}`]
  await repository.git('init', '--quiet', '--template=', ...kind)
  await configureRepository(path)
  if (options.unborn) return
  for (const [file, content] of Object.entries(files)) await repository.write(file, content)
  await repository.commit('First commit')
}

/** Makes a repository that does not depend on the machine's git configuration. */
export const newRepository = async (options: RepositoryOptions = {}): Promise<Repository> => {
  const repository = repositoryAt(await tempFolder())
  const make = (path: string) => makeRepository(path, options)
  await copyPrepared(JSON.stringify(options), make, repository.path)
  // The index contains the inodes of the files, which differ in a copy.
  if (!options.unborn) await repository.git('update-index', '--refresh')
  return repository
}
