import { findWorkTree } from '@kitty/writer/internals'
import { gitError } from '../git/query.js'
import { runGit } from '../git/run-git.js'

/** A setting of a remote that covers the ref of a ledger. */
export type CoveringSetting = {
  readonly remote: string
  /** `fetch`: a fetch writes or prunes the ref. `push`: a push publishes it. `mirror`: it also removes others from the server. */
  readonly kind: 'fetch' | 'push' | 'mirror'
  /** The refspec, or the value of `mirror`. */
  readonly value: string
  /** Where git reads it, such as `.git/config`. */
  readonly origin: string
  /** What a negative refspec must match to end this: the name that the refspec reads from. Absent for `mirror`. */
  readonly source?: string
}

type Setting = Pick<CoveringSetting, 'remote' | 'value' | 'origin'> & { readonly key: string }

const KEY = /^remote\.(.+)\.(fetch|push|mirror)$/s

/** Parses `<origin> NUL <key> LF <value> NUL …`. A key without a value is true. */
const parse = (listing: string): readonly Setting[] => {
  const fields = listing.split('\0')
  const settings: Setting[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [origin = '', entry = ''] = fields.slice(at, at + 2)
    const end = entry.indexOf('\n')
    const [, remote, key] = KEY.exec(end < 0 ? entry : entry.slice(0, end)) ?? []
    const value = end < 0 ? 'true' : entry.slice(end + 1)
    if (remote === undefined || key === undefined) continue
    settings.push({ remote, key, value, origin: origin.replace(/^file:/, '') })
  }
  return settings
}

const readSettings = async (top: string): Promise<readonly Setting[]> => {
  const pattern = '^remote\\..*\\.(fetch|push|mirror)$'
  const args = ['config', '--show-origin', '-z', '--get-regexp', pattern]
  const answer = await runGit(top, args)
  // 1: there is none.
  if (answer.exitCode === 1) return []
  if (!answer.ok) throw gitError({ what: 'read the settings of remotes' }, answer)
  return parse(answer.stdout.toString())
}

/** What the wildcard of a pattern stands for in a name; `undefined` if the name does not match. Git allows one. */
const wildcardIn = (pattern: string, name: string): string | undefined => {
  const at = pattern.indexOf('*')
  if (at < 0) return pattern === name ? '' : undefined
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + 1)]
  const isMatch =
    name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end)
  return isMatch ? name.slice(start.length, name.length - end.length) : undefined
}

/** The name on the remote of what a fetch with this refspec writes to a ref; `undefined` if it does not write it. */
const sourceOf = (refspec: string, ref: string): string | undefined => {
  const at = refspec.indexOf(':')
  if (at < 0 || refspec.startsWith('^')) return undefined
  const [source, target] = [
    refspec.slice(refspec.startsWith('+') ? 1 : 0, at),
    refspec.slice(at + 1),
  ]
  const wildcard = wildcardIn(target, ref)
  if (wildcard === undefined) return undefined
  // A function: `$` in a name has no meaning.
  return source.replace('*', () => wildcard)
}

/** Whether git reads a value as true. */
const isTrue = (value: string): boolean => /^(?:true|yes|on|[+-]?0*[1-9]\d*[kmg]?)$/i.test(value)

/** The patterns that the negative refspecs leave out. */
const negativeIn = (specs: readonly Setting[]): readonly string[] =>
  specs.flatMap(({ value }) => (value.startsWith('^') ? [value.slice(1)] : []))

/** The refspecs of one kind that read a ref from this name, unless a negative one leaves it out. */
const coveringSpecs = (
  settings: readonly Setting[],
  kind: 'fetch' | 'push',
  readsFrom: (refspec: string) => string | undefined,
): readonly CoveringSetting[] => {
  const specs = settings.filter(({ key }) => key === kind)
  const negative = negativeIn(specs)
  return specs.flatMap(({ key: _, ...setting }): readonly CoveringSetting[] => {
    const source = readsFrom(setting.value)
    if (source === undefined) return []
    const isLeftOut = negative.some((pattern) => wildcardIn(pattern, source) !== undefined)
    return isLeftOut ? [] : [{ ...setting, kind, source }]
  })
}

/** Whether a push with this refspec sends a ref, although the refspec does not name ledgers: who names them means it. */
const sends = (refspec: string, ref: string): boolean => {
  const [source = ''] = refspec.replace(/^\+/, '').split(':')
  const isMeant = refspec.startsWith('^') || source.startsWith('refs/kitty/')
  return !isMeant && wildcardIn(source, ref) !== undefined
}

const coveringIn = (settings: readonly Setting[], ref: string): readonly CoveringSetting[] => {
  const covering = [
    ...coveringSpecs(settings, 'fetch', (refspec) => sourceOf(refspec, ref)),
    ...coveringSpecs(settings, 'push', (refspec) => (sends(refspec, ref) ? ref : undefined)),
  ]
  const mirror = settings.findLast(({ key }) => key === 'mirror')
  if (mirror === undefined || !isTrue(mirror.value)) return covering
  const { key: _, ...rest } = mirror
  return [...covering, { ...rest, kind: 'mirror' }]
}

/**
 * Returns the settings of remotes that cover a ref, so that a plain `git fetch` or `git push` changes it. Reads all of
 * git's configuration; changes nothing. Empty outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const coveringSettings = async (
  root: string,
  ref: string,
): Promise<readonly CoveringSetting[]> => {
  const workTree = await findWorkTree(root)
  if (workTree === undefined) return []
  const settings = await readSettings(workTree.top)
  const remotes = [...new Set(settings.map(({ remote }) => remote))]
  return remotes.flatMap((name) =>
    coveringIn(
      settings.filter(({ remote }) => remote === name),
      ref,
    ),
  )
}
