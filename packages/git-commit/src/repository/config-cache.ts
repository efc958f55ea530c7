import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ok, type Result } from '../git/result.js'
import { type RepoConfig, readRepoConfig } from './config.js'
import type { WorkTreeState } from './work-tree.js'

/** Returns what a commit needs from a repository and its configuration. Asks git only if that may have changed. */
export type RepoConfigReader = (workTree: WorkTreeState) => Promise<Result<RepoConfig>>

const RELEVANT_VARIABLES =
  /^(?:GIT_(?:AUTHOR|COMMITTER|CONFIG)|EMAIL$|HOME$|XDG_CONFIG_HOME$|TZ$|PATH$)/

/**
 * Returns the files that git may read its settings from, as far as their names are known. The default places are
 * included even if a variable names another, because git before 2.32 does not know these variables.
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

/** Returns the state of a file as text; for a file that cannot be read, which git ignores, the error code. */
const stamp = (path: string): string => {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true })
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** Returns everything that the configuration depends on, as text. */
const keyOf = (workTree: WorkTreeState): string =>
  JSON.stringify([
    workTree.top,
    settingsFiles(workTree).map(stamp),
    Object.entries(process.env).filter(([name]) => RELEVANT_VARIABLES.test(name)),
  ])

/**
 * Whether the key covers everything. Included files can change or appear unnoticed, and what is included can depend
 * on the branch.
 */
const isKnownByKey = ({ config }: RepoConfig): boolean =>
  process.env.GIT_AUTHOR_DATE === undefined &&
  process.env.GIT_COMMITTER_DATE === undefined &&
  ![...config.keys()].some((name) => /^include(?:if)?\./.test(name))

/** Formats a time as git does: `<seconds> <zone>`. */
export const gitTime = (moment: Date): string => {
  const minutes = -moment.getTimezoneOffset()
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0')
  const zone = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`
  return `${Math.floor(moment.getTime() / 1000)} ${zone}`
}

const at = (identity: string, moment: Date): string =>
  identity.replace(/\d+ [+-]\d{4}$/, gitTime(moment))

const now = (read: Result<RepoConfig>): Result<RepoConfig> => {
  if (!read.ok || !isKnownByKey(read.value)) return read
  const moment = new Date()
  const { author, committer } = read.value
  return ok({ ...read.value, author: at(author, moment), committer: at(committer, moment) })
}

/**
 * Creates a reader that caches the configuration of each work tree until the files and variables that it comes from
 * change. Strategies that ask at the same time share one answer. A configuration file for the whole machine in an
 * unusual place is read only once.
 */
const cachedRepoConfig = (): RepoConfigReader => {
  const known = new Map<
    string,
    { readonly key: string; readonly read: Promise<Result<RepoConfig>> }
  >()
  return async (workTree) => {
    const { top } = workTree
    // Computed first, so that a change while git runs is noticed the next time.
    const key = keyOf(workTree)
    const cached = known.get(top)
    if (cached?.key === key) return now(await cached.read)
    const entry = { key, read: readRepoConfig(top) }
    known.set(top, entry)
    const forget = (): void => {
      if (known.get(top) === entry) known.delete(top)
    }
    const read = await entry.read.catch((error: unknown) => {
      forget()
      throw error
    })
    if (!read.ok || !isKnownByKey(read.value)) forget()
    return read
  }
}

/** The reader that all strategies of this process share. */
export const readCachedRepoConfig: RepoConfigReader = cachedRepoConfig()
