import { isUtf8 } from 'node:buffer'
import type { CommitResult } from '@kitty/writer'
import { failureFromGit, isFailure } from '../git/failures.js'
import { type GitOutcome, runGit } from '../git/run-git.js'
import type { ObjectFormat } from '../objects/object.js'

/** Who commits, each as `<name> <<address>> <seconds> <zone>`. */
type Identities = { readonly author: string; readonly committer: string }

type Config = ReadonlyMap<string, string>

/**
 * What is no UTF-8 was written in the encoding that the user writes commits in; an Op's commit is UTF-8. Where
 * that does not tell, git takes it for Latin 1, and so it is taken here.
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
 * Begins to ask git who commits; the function, given the settings, waits for the answer, or says why git would
 * not commit. Where nothing tells author and committer apart, one question does for both.
 */
const readIdentities = (top: string): ((config: Config) => Promise<Identities | CommitResult>) => {
  const asked = ask(top, 'AUTHOR')
  // Whoever waits for it hears of it; until then it must not pass for an error nobody handles.
  asked.catch(() => undefined)
  return async (config) => {
    const author = await asked
    const isTwo = isSomebodyElse(config, process.env)
    const committer = author.ok && isTwo ? await ask(top, 'COMMITTER') : author
    if (!committer.ok) return failureFromGit(committer)
    const [one, other] = [author, committer].map(({ stdout }) => decode(stdout, config).trimEnd())
    return { author: one ?? '', committer: other ?? '' }
  }
}

/** What a commit needs to know of a repository and its configuration. */
export type RepoConfig = {
  readonly author: string
  readonly committer: string
  readonly objectFormat: ObjectFormat
  /** The last value of each setting, by its name as git gives it. */
  readonly config: ReadonlyMap<string, string>
}

/** `<name>\n<value>`, ended by NUL. A value may hold anything else, line feeds too. */
const parse = (listing: string): Map<string, string> => {
  const pairs = listing.split('\0').map((entry) => {
    const at = entry.indexOf('\n')
    // A setting without a value counts as switched on.
    return at < 0
      ? ([entry, 'true'] as const)
      : ([entry.slice(0, at), entry.slice(at + 1)] as const)
  })
  return new Map(pairs)
}

/** Settings are read without complaint where git refuses to work, and are then not those of the repository. */
const refuseForeign = async (top: string): Promise<CommitResult | undefined> => {
  const answer = await runGit(top, ['rev-parse', '--git-dir'])
  return answer.ok ? undefined : failureFromGit(answer)
}

/** The facts, or the result that says why they cannot be had. */
export const readRepoConfig = async (top: string): Promise<RepoConfig | CommitResult> => {
  const identities = readIdentities(top)
  const answer = await runGit(top, ['config', '--list', '-z'])
  if (!answer.ok) return failureFromGit(answer)
  const config = parse(answer.stdout.toString())
  if (!config.has('core.repositoryformatversion')) {
    const refused = await refuseForeign(top)
    if (refused !== undefined) return refused
  }
  const identity = await identities(config)
  if (isFailure(identity)) return identity
  const objectFormat = config.get('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1'
  return { ...identity, objectFormat, config }
}

type Settings = Pick<RepoConfig, 'config'>

const namesIn = ({ config }: Settings, pattern: RegExp): Set<string> =>
  new Set([...config.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []))

/**
 * Settings that keep git from running filters, which would give the index other bytes than the commit.
 * Our own attributes say so already, but `info/attributes` outranks them.
 */
export const filtersOff = (repoConfig: Settings): string[] =>
  [...namesIn(repoConfig, /^filter\.(.+)\.(?:clean|process)$/s)].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ])

/** Settings that keep git from running the hooks of the configuration: git 2.54 knows them by their names alone. */
export const hooksOff = (repoConfig: Settings): string[] =>
  [...namesIn(repoConfig, /^hook\.(.+)\.(?:event|command)$/s)].map(
    (name) => `hook.${name}.enabled=false`,
  )
