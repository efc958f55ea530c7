import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import type { WorkTree } from '@kitty/writer/internals'
import { UNMONITORED } from '../git/environment.js'
import { failureFromGit } from '../git/failures.js'
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

/** Returns those of `paths` (relative to the top, not tracked) that are ignored, each with the rule. */
export const findIgnored = async (
  top: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule> | CommitResult> => {
  const answer = await runGit(top, ['check-ignore', '-v', '-z', '--stdin'], {
    // This command always interprets pathspec magic, which begins with a colon; with `./` before it, no path does.
    input: paths.map((path) => `${HERE}${path}\0`).join(''),
    env: { GIT_LITERAL_PATHSPECS: '0' },
    config: UNMONITORED,
  })
  if (!answer.ok && answer.exitCode !== NOTHING_IGNORED) return failureFromGit(answer)
  const fields = answer.stdout.toString().split('\0')
  const rules = new Map<string, IgnoreRule>()
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4)
    // A negated pattern is reported too, and means that the path is not ignored.
    if (pattern.startsWith('!')) continue
    rules.set(path.slice(HERE.length), { source, line: Number(line), pattern })
  }
  return rules
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
  readonly tree: WorkTree
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
const rulesFor = ({ tree, head, repoConfig }: IgnoreSources, paths: readonly string[]) => {
  const shared = globalFile(repoConfig)
  if (shared.startsWith('~') || resolve(shared) !== shared) return undefined
  const texts = [read(join(tree.commonDir, 'info', 'exclude')), read(shared)]
  for (const folder of new Set(paths.flatMap(foldersAbove))) {
    const text = read(join(tree.top, folder, IGNORE))
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
