import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { isFailure } from '../git/failures.js'
import { type RepoConfig, readRepoConfig } from './config.js'
import type { WorkTreeState } from './work-tree.js'

/** Gives the facts of a repository, asking git only when they may have changed. */
export type RepoConfigReader = (workTree: WorkTreeState) => Promise<RepoConfig | CommitResult>

const RELEVANT_VARIABLES =
  /^(?:GIT_(?:AUTHOR|COMMITTER|CONFIG)|EMAIL$|HOME$|XDG_CONFIG_HOME$|TZ$|PATH$)/

/**
 * The files that git may read its settings from, as far as they are known by name. The usual places count where a
 * variable names another one, too: git before 2.32 does not know these variables.
 */
const settingsFiles = ({ gitDir, commonDir }: WorkTreeState): string[] => {
  const { GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, XDG_CONFIG_HOME, HOME = homedir() } = process.env
  const named = [GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM].filter((path) => path !== undefined)
  return [
    join(commonDir, 'config'),
    join(gitDir, 'config.worktree'),
    '/etc/gitconfig',
    join(HOME, '.gitconfig'),
    join(XDG_CONFIG_HOME || join(HOME, '.config'), 'git', 'config'),
    ...named,
  ]
}

/** Where there is none, or none that can be looked at, git goes without, and what is in the way may go. */
const stamp = (path: string): string => {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true })
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** All that the facts depend on, as text. */
const keyOf = (workTree: WorkTreeState): string =>
  JSON.stringify([
    workTree.top,
    settingsFiles(workTree).map(stamp),
    Object.entries(process.env).filter(([name]) => RELEVANT_VARIABLES.test(name)),
  ])

/**
 * Whether the key tells all. Files that others include may change, or come into being, unseen; and what
 * they say may depend on the branch.
 */
const isKnownByKey = ({ config }: RepoConfig): boolean =>
  process.env.GIT_AUTHOR_DATE === undefined &&
  process.env.GIT_COMMITTER_DATE === undefined &&
  ![...config.keys()].some((name) => /^include(?:if)?\./.test(name))

/** `<seconds> <zone>`, as git writes a moment. */
const gitTime = (moment: Date): string => {
  const minutes = -moment.getTimezoneOffset()
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0')
  const zone = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`
  return `${Math.floor(moment.getTime() / 1000)} ${zone}`
}

const at = (identity: string, moment: Date): string =>
  identity.replace(/\d+ [+-]\d{4}$/, gitTime(moment))

/**
 * A reader that remembers the facts of each work tree for as long as the files and variables stay as
 * they are that they come from. A file of settings for the whole machine, where it lies in no usual
 * place, is read once.
 */
export const cachedRepoConfig = (): RepoConfigReader => {
  const known = new Map<string, { readonly key: string; readonly repoConfig: RepoConfig }>()
  return async (workTree) => {
    // Taken first: what changes while git looks is then seen the next time.
    const key = keyOf(workTree)
    const { key: knownKey, repoConfig: knownFacts } = known.get(workTree.top) ?? {}
    if (knownFacts !== undefined && knownKey === key) {
      const now = new Date()
      const { author, committer } = knownFacts
      return { ...knownFacts, author: at(author, now), committer: at(committer, now) }
    }
    const repoConfig = await readRepoConfig(workTree.top)
    if (!isFailure(repoConfig) && isKnownByKey(repoConfig))
      known.set(workTree.top, { key, repoConfig })
    return repoConfig
  }
}
