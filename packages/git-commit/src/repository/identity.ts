import { isUtf8 } from 'node:buffer'
import type { CommitResult } from '@kitty/writer'
import { failure } from '../git/failures.js'
import { type GitOutcome, runGit } from '../git/run-git.js'

/** Who commits, each as `<name> <<address>> <seconds> <zone>`. */
export type Identities = { readonly author: string; readonly committer: string }

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
export const readIdentities = (
  top: string,
): ((config: Config) => Promise<Identities | CommitResult>) => {
  const asked = ask(top, 'AUTHOR')
  // Whoever waits for it hears of it; until then it must not pass for an error nobody handles.
  asked.catch(() => undefined)
  return async (config) => {
    const author = await asked
    const isTwo = isSomebodyElse(config, process.env)
    const committer = author.ok && isTwo ? await ask(top, 'COMMITTER') : author
    if (!committer.ok) return failure(committer)
    const [one, other] = [author, committer].map(({ stdout }) => decode(stdout, config).trimEnd())
    return { author: one ?? '', committer: other ?? '' }
  }
}
