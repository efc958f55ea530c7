import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A real git repository for one case. Paths are relative to its top, with `/`. */
export type ScratchRepository = {
  readonly top: string
  /** Runs git and returns its output unchanged. Throws with git's own message if it fails. */
  git(...args: string[]): Promise<string>
  /** Runs a command that may stop on a conflict. Returns whether git succeeded. */
  tryGit(...args: string[]): Promise<boolean>
  write(path: string, content: string | Uint8Array): Promise<void>
  read(path: string): Promise<string>
  /** Stages everything and commits it. */
  commit(message: string): Promise<void>
  dispose(): Promise<void>
}

/** The checked-out branch, which is not protected. */
const BRANCH = 'work'

// In the repository's own configuration, which overrides the user's and the system's.
const SETTINGS = `
[user]
	name = Conformance Suite
	email = suite@example.org
[commit]
	gpgSign = false
[tag]
	gpgSign = false
[gc]
	auto = 0
[core]
	autocrlf = false
	hooksPath = .git/hooks
	excludesFile = .git/none
	attributesFile = .git/none
	fsmonitor = false
[merge]
	conflictStyle = merge
[rerere]
	enabled = false
[rebase]
	autoStash = false
`

const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  LC_ALL: 'C',
  GIT_EDITOR: ':',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
})

const runIn = (top: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: top, env: environment(), maxBuffer: 2 ** 26 }
    execFile('git', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`git ${args.join(' ')}: ${stderr}${stdout}`, { cause: error }))
    })
  })

const repositoryAt = (top: string): ScratchRepository => ({
  top,
  git: (...args) => runIn(top, args),
  tryGit: (...args) =>
    runIn(top, args).then(
      () => true,
      () => false,
    ),
  write: async (path, content) => {
    await mkdir(dirname(join(top, path)), { recursive: true })
    await writeFile(join(top, path), content)
  },
  read: (path) => readFile(join(top, path), 'utf8'),
  commit: async (message) => {
    await runIn(top, ['add', '--all'])
    await runIn(top, ['commit', '--quiet', '-m', message])
  },
  dispose: () => rm(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
})

/** An empty repository on the unborn branch `work`, in a temporary folder. */
export const unbornRepository = async (): Promise<ScratchRepository> => {
  const repository = repositoryAt(await realpath(await mkdtemp(join(tmpdir(), 'commit-strategy-'))))
  await repository.git('init', '--quiet', '--template=', `--initial-branch=${BRANCH}`)
  await writeFile(join(repository.top, '.git', 'config'), SETTINGS, { flag: 'a' })
  return repository
}
