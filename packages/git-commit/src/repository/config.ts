import type { CommitResult } from '@kitty/writer'
import { failure } from '../git/failures.js'
import { isResult } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import type { ObjectFormat } from '../objects/object.js'
import { readIdentities } from './identity.js'

/** What a commit needs to know of a repository and its configuration. */
export type RepositoryFacts = {
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
  return answer.ok ? undefined : failure(answer)
}

/** The facts, or the result that says why they cannot be had. */
export const readFacts = async (top: string): Promise<RepositoryFacts | CommitResult> => {
  const identities = readIdentities(top)
  const answer = await runGit(top, ['config', '--list', '-z'])
  if (!answer.ok) return failure(answer)
  const config = parse(answer.stdout.toString())
  if (!config.has('core.repositoryformatversion')) {
    const refused = await refuseForeign(top)
    if (refused !== undefined) return refused
  }
  const identity = await identities(config)
  if (isResult(identity)) return identity
  const objectFormat = config.get('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1'
  return { ...identity, objectFormat, config }
}

type Settings = Pick<RepositoryFacts, 'config'>

const namesIn = ({ config }: Settings, pattern: RegExp): Set<string> =>
  new Set([...config.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []))

/**
 * Settings that keep git from running filters, which would give the index other bytes than the commit.
 * Our own attributes say so already, but `info/attributes` outranks them.
 */
export const filtersOff = (facts: Settings): string[] =>
  [...namesIn(facts, /^filter\.(.+)\.(?:clean|process)$/s)].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ])

/** Settings that keep git from running the hooks of the configuration: git 2.54 knows them by their names alone. */
export const hooksOff = (facts: Settings): string[] =>
  [...namesIn(facts, /^hook\.(.+)\.(?:event|command)$/s)].map(
    (name) => `hook.${name}.enabled=false`,
  )
