import type { CommitResult } from '@kitty/writer'
import { runGit } from './git.js'
import { failure } from './git-failures.js'
import type { ObjectFormat } from './git-object.js'

/** What a commit needs to know of a repository and its configuration, from one git process. */
export type RepositoryFacts = {
  readonly author: string
  readonly committer: string
  readonly objectFormat: ObjectFormat
  /** The last value of each setting, by its lower-case name. */
  readonly config: ReadonlyMap<string, string>
}

const parse = (text: string): Map<string, string> => {
  const pairs = text.split('\n').map((line) => {
    const at = line.indexOf('=')
    // A setting without a value counts as switched on.
    return at < 0 ? ([line, 'true'] as const) : ([line.slice(0, at), line.slice(at + 1)] as const)
  })
  return new Map(pairs)
}

const identityIsGiven = (config: ReadonlyMap<string, string>, env: NodeJS.ProcessEnv): boolean =>
  (['AUTHOR', 'COMMITTER'] as const).every((role) => {
    const has = (key: string): boolean =>
      Boolean(
        env[`GIT_${role}_${key.toUpperCase()}`] ??
          config.get(`${role.toLowerCase()}.${key}`) ??
          config.get(`user.${key}`),
      )
    return has('name') && (has('email') || Boolean(env.EMAIL))
  })

/** Without a name and address of the user's own, git may guess or refuse: let it say which. */
const refuseGuess = async (top: string): Promise<CommitResult | undefined> => {
  for (const name of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const answer = await runGit(top, ['var', name])
    if (!answer.ok) return failure(answer)
  }
  return undefined
}

/** Settings are read without complaint where git refuses to work, and are then not those of the repository. */
const refuseForeign = async (top: string): Promise<CommitResult | undefined> => {
  const answer = await runGit(top, ['rev-parse', '--git-dir'])
  return answer.ok ? undefined : failure(answer)
}

/** The facts, or the result that says why they cannot be had. */
export const readFacts = async (top: string): Promise<RepositoryFacts | CommitResult> => {
  const answer = await runGit(top, ['var', '-l'])
  if (!answer.ok) return failure(answer)
  const config = parse(answer.stdout.toString())
  if (!config.has('core.repositoryformatversion')) {
    const refused = await refuseForeign(top)
    if (refused !== undefined) return refused
  }
  if (!identityIsGiven(config, process.env)) {
    const refused = await refuseGuess(top)
    if (refused !== undefined) return refused
  }
  return {
    author: config.get('GIT_AUTHOR_IDENT') ?? '',
    committer: config.get('GIT_COMMITTER_IDENT') ?? '',
    objectFormat: config.get('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1',
    config,
  }
}

const FILTER = /^filter\.(.+)\.(?:clean|process)$/s

/**
 * Settings that keep git from running filters, which would give the index other bytes than the commit.
 * Our own attributes say so already, but `info/attributes` outranks them.
 */
export const filtersOff = ({ config }: RepositoryFacts): string[] => {
  const names = new Set([...config.keys()].flatMap((key) => FILTER.exec(key)?.[1] ?? []))
  return [...names].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ])
}
