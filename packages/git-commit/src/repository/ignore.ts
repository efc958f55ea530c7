import { readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import { newOpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import {
  excludePathOf,
  excludePattern,
  findWorkTree,
  opIdOfName,
  type WorkTree,
} from '@kitty/writer/internals'
import { UNMONITORED } from '../git/environment.js'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import type { RepoConfig } from './config.js'
import { tryRead } from './head.js'
import { blobAt, type HeadTree } from './head-tree.js'

/** The rule that makes git ignore a path. */
export type IgnoreRule = {
  readonly source: string
  readonly line: number
  readonly pattern: string
}

const NOTHING_IGNORED = 1

const HERE = './'

/** Whether a rule makes git ignore a path, or makes it visible again. */
export const isNegated = ({ pattern }: IgnoreRule): boolean => pattern.startsWith('!')

/** Returns the last rule that matches each of `paths` (relative to the top, not tracked), negated rules included. */
export const lastRules = async (
  top: string,
  paths: readonly string[],
): Promise<Result<ReadonlyMap<string, IgnoreRule>>> => {
  const answer = await runGit(top, ['check-ignore', '-v', '-z', '--stdin'], {
    // This command always interprets pathspec magic, which begins with a colon; with `./` before it, no path does.
    input: paths.map((path) => `${HERE}${path}\0`).join(''),
    env: { GIT_LITERAL_PATHSPECS: '0' },
    config: UNMONITORED,
  })
  if (!answer.ok && answer.exitCode !== NOTHING_IGNORED) return stop(failureFromGit(answer))
  const fields = answer.stdout.toString().split('\0')
  const rules = new Map<string, IgnoreRule>()
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4)
    rules.set(path.slice(HERE.length), { source, line: Number(line), pattern })
  }
  return ok(rules)
}

const RECORD = /^(?:(.*)\/)?kitty-ops\/([^/]+)$/s

/** The line of this software that hides a record until it is committed; `undefined` for other paths. */
const ownPattern = (path: string): string | undefined => {
  const [, prefix = '', name = ''] = RECORD.exec(path) ?? []
  const id = opIdOfName(name)
  return id && excludePattern(prefix, id)
}

const isSameFile = (a: string, b: string): boolean =>
  tryRead(() => realpathSync.native(a)) === tryRead(() => realpathSync.native(b))

/** Returns the paths whose rule is this software's own line in `info/exclude`. */
const ownHidden = async (
  top: string,
  rules: ReadonlyMap<string, IgnoreRule>,
): Promise<readonly string[]> => {
  const paths = [...rules].filter(([path, { pattern }]) => pattern === ownPattern(path))
  const workTree = paths.length === 0 ? undefined : await findWorkTree(top)
  if (workTree === undefined) return []
  const exclude = excludePathOf(workTree.commonDir)
  return paths.filter(([, { source }]) => isSameFile(resolve(top, source), exclude)).map(([p]) => p)
}

const siblingOf = (path: string): string => `${posix.dirname(path)}/${newOpId()}.jsonl`

/**
 * Returns those of `paths` (relative to the top, not tracked) that are ignored, each with the rule. Answers as if the
 * lines of this software in `info/exclude` were not there: git names only the last match, so it is asked about another
 * record in the same folder, too.
 */
export const findIgnored = async (
  top: string,
  paths: readonly string[],
): Promise<Result<ReadonlyMap<string, IgnoreRule>>> => {
  const found = await lastRules(top, paths)
  if (!found.ok) return found
  const own = await ownHidden(top, found.value)
  const siblings = new Map(own.map((path) => [posix.dirname(path), siblingOf(path)]))
  const others = own.length === 0 ? found : await lastRules(top, [...siblings.values()])
  if (!others.ok) return others
  const hidden = new Set(own)
  const rules = [...found.value].flatMap(([path, first]) => {
    const sibling = siblings.get(posix.dirname(path))
    const rule = hidden.has(path) ? others.value.get(sibling ?? '') : first
    return rule === undefined || isNegated(rule) ? [] : [[path, rule] as const]
  })
  return ok(new Map(rules))
}

/** Returns the result for a record that git ignores: it is never added by force. */
export const ignoredResult = (path: string, rule: IgnoreRule): CommitResult => ({
  status: 'deferred',
  reason: 'ignored',
  message: `git ignores ${path} because of "${rule.pattern}" in ${rule.source}, line ${rule.line}.`,
  hint: 'Remove or narrow that rule; the Op is then committed when the next Op is closed.',
})

/** What decides whether a path is ignored: the folders above it, and the settings. */
type IgnoreSources = {
  readonly workTree: WorkTree
  readonly head: HeadTree
  readonly repoConfig: RepoConfig
}

const IGNORE = '.gitignore'

const foldersAbove = (path: string): string[] => {
  const names = path.split('/').slice(0, -1)
  return ['', ...names.map((_, at) => `${names.slice(0, at + 1).join('/')}/`)]
}

const read = (path: string): string | undefined => tryRead(() => readFileSync(path, 'utf8'))

const globalFile = ({ config }: RepoConfig): string => {
  const { HOME = homedir(), XDG_CONFIG_HOME } = process.env
  const given = config.get('core.excludesfile')
  if (given === undefined) return join(XDG_CONFIG_HOME || join(HOME, '.config'), 'git', 'ignore')
  return given.startsWith('~/') ? join(HOME, given.slice(2)) : given
}

/** Returns the rules that may apply to the paths, or `undefined` if only git can find all of them. */
const rulesFor = ({ workTree, head, repoConfig }: IgnoreSources, paths: readonly string[]) => {
  const shared = globalFile(repoConfig)
  if (shared.startsWith('~') || resolve(shared) !== shared) return undefined
  const texts = [read(join(workTree.commonDir, 'info', 'exclude')), read(shared)]
  for (const folder of new Set(paths.flatMap(foldersAbove))) {
    const text = read(join(workTree.top, folder, IGNORE))
    // A sparse checkout keeps it out of the work tree, and git uses the version in its index.
    if (text === undefined && blobAt(head, `${folder}${IGNORE}`) !== undefined) return undefined
    texts.push(text)
  }
  return texts.flatMap((text) => text?.replace(/^\uFEFF/, '').split('\n') ?? [])
}

/** Removes differences of case and Unicode composition, which git may ignore. */
const caseFold = (text: string): string => text.normalize('NFC').toLowerCase()

const SPECIAL = /[\\?[\]]/

/** Whether one part of a rule can match one name. Evaluates at most one star; anything else counts as a match. */
const mayMatch = (part: string, name: string): boolean => {
  if (SPECIAL.test(part)) return true
  const [before = '', after, ...more] = part.split('*')
  if (more.length > 0) return true
  if (after === undefined) return part === name
  return name.startsWith(before) && name.endsWith(after)
}

/** Whether a rule can match: each of its parts must match one of the names. */
const mayApply = (rule: string, names: readonly string[]): boolean => {
  const text = caseFold(rule).trimEnd()
  if (text === '' || text.startsWith('#') || text.startsWith('!')) return false
  const parts = text.split('/').filter((part) => part !== '')
  return parts.every((part) => names.some((name) => mayMatch(part, name)))
}

/**
 * Whether git might ignore some of these paths (relative to the top). `true` if in doubt; `false` saves a git
 * process.
 */
export const mayBeIgnored = (sources: IgnoreSources, paths: readonly string[]): boolean => {
  const rules = rulesFor(sources, paths)
  const names = [...new Set(paths.flatMap((path) => caseFold(path).split('/')))]
  // Only git knows what a rule means by spaces at the start or end of a name.
  if (rules === undefined || names.some((name) => name.trim() !== name)) return true
  return rules.some((rule) => mayApply(rule, names))
}
