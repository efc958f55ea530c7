import { isUtf8 } from 'node:buffer'
import type { CommitResult } from '@kitty/writer'
import { canSync } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { type GitOutcome, runGit } from '../git/run-git.js'
import type { ObjectFormat } from '../objects/object.js'

/** Author and committer, each as `<name> <<address>> <seconds> <zone>`. */
type Identities = { readonly author: string; readonly committer: string }

type Config = ReadonlyMap<string, string>

/**
 * Decodes a name. If it is not UTF-8, it is in the user's commit encoding or, if that does not fit, in Latin-1, as
 * git assumes. An Op's commit is always UTF-8.
 */
const decode = (bytes: Buffer, config: Config): string => {
  if (isUtf8(bytes)) return bytes.toString()
  try {
    const decoder = new TextDecoder(config.get('i18n.commitencoding'), { fatal: true })
    return decoder.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const ask = (top: string, role: 'AUTHOR' | 'COMMITTER'): Promise<GitOutcome> =>
  runGit(top, ['var', `GIT_${role}_IDENT`])

const isSomebodyElse = (config: Config, env: NodeJS.ProcessEnv): boolean =>
  Object.keys(env).some((name) => /^GIT_(?:AUTHOR|COMMITTER)_/.test(name)) ||
  [...config.keys()].some((name) => /^(?:author|committer)\./.test(name))

/**
 * Starts asking git for the identities. Returns a function that takes the settings and waits for the answer; it
 * returns a failure if git would not commit. One query does for both if no setting or variable makes them differ.
 */
const readIdentities = (top: string): ((config: Config) => Promise<Result<Identities>>) => {
  const asked = ask(top, 'AUTHOR')
  // The returned function reports the error; until then it must not count as an unhandled rejection.
  asked.catch(() => undefined)
  return async (config) => {
    const author = await asked
    const isTwo = isSomebodyElse(config, process.env)
    const committer = author.ok && isTwo ? await ask(top, 'COMMITTER') : author
    if (!committer.ok) return stop(failureFromGit(committer))
    const nameIn = ({ stdout }: GitOutcome): string => decode(stdout, config).trimEnd()
    return ok({ author: nameIn(author), committer: nameIn(committer) })
  }
}

export type RepoSettings = {
  readonly objectFormat: ObjectFormat
  /** The last value of each setting, by its name as git prints it. */
  readonly config: ReadonlyMap<string, string>
}

/** What a commit needs from a repository and its configuration. */
export type RepoConfig = Identities & RepoSettings

/** Parses `<name>\n<value>`, ended by NUL. A value can contain anything else, also line feeds. */
const parse = (listing: string): Map<string, string> => {
  const pairs = listing.split('\0').map((entry) => {
    const at = entry.indexOf('\n')
    // A setting without a value is true.
    return at < 0
      ? ([entry, 'true'] as const)
      : ([entry.slice(0, at), entry.slice(at + 1)] as const)
  })
  return new Map(pairs)
}

/**
 * Returns git's refusal to work in a repository. `git config` reads settings even then, but not those of the
 * repository.
 */
const refuseForeign = async (top: string): Promise<CommitResult | undefined> => {
  const answer = await runGit(top, ['rev-parse', '--git-dir'])
  return answer.ok ? undefined : failureFromGit(answer)
}

/** Reads what does not depend on who commits. Stops if git refuses. */
export const readSettings = async (top: string): Promise<Result<RepoSettings>> => {
  const answer = await runGit(top, ['config', '--list', '-z'])
  if (!answer.ok) return stop(failureFromGit(answer))
  const config = parse(answer.stdout.toString())
  if (!config.has('core.repositoryformatversion')) {
    const refused = await refuseForeign(top)
    if (refused !== undefined) return stop(refused)
  }
  const objectFormat = config.get('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1'
  return ok({ objectFormat, config })
}

/** Reads what a commit needs. Stops if git refuses. */
export const readRepoConfig = async (top: string): Promise<Result<RepoConfig>> => {
  const identities = readIdentities(top)
  const settings = await readSettings(top)
  if (!settings.ok) return settings
  const identity = await identities(settings.value.config)
  return identity.ok ? ok({ ...identity.value, ...settings.value }) : identity
}

type Settings = Pick<RepoConfig, 'config'>

const namesIn = ({ config }: Settings, pattern: RegExp): Set<string> =>
  new Set([...config.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []))

/**
 * Returns settings that stop git from running filters, which would make the index differ from the commit. The
 * attributes in `kitty-ops/` already do, but `info/attributes` overrides them.
 */
export const filtersOff = (repoConfig: Settings): string[] =>
  [...namesIn(repoConfig, /^filter\.(.+)\.(?:clean|process)$/s)].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ])

/** Returns settings that stop git from running configured hooks, which git 2.54 disables only by name. */
export const hooksOff = (repoConfig: Settings): string[] =>
  [...namesIn(repoConfig, /^hook\.(.+)\.(?:event|command)$/s)].map(
    (name) => `hook.${name}.enabled=false`,
  )

/**
 * Returns settings that make git sync what it writes, in the order in which it must reach stable storage. The index is not included:
 * this software replaces it, not git.
 */
export const fsyncSettings = (): readonly string[] => [
  // Git would fail where the file system cannot sync files.
  `core.fsync=${canSync() ? 'committed,loose-object,reference' : 'none'}`,
]
