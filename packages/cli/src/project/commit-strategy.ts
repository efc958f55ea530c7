import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { KittyError } from '@kitty/record'
import type { CommitStrategy } from '@kitty/writer'
import type { Variables } from '../command/io.js'
import type { Settings } from './settings.js'

/** Commits nothing, and reads what git holds. */
export const readOnly = async (): Promise<{ readonly strategy: CommitStrategy }> => {
  const { directGit, noCommit } = await import('@kitty/git-commit')
  const { reader } = directGit()
  return { strategy: { ...noCommit(), ...(reader && { reader }) } }
}

/** The settings of a commit strategy. */
type CommitSettings = Pick<Settings, 'commit' | 'sign' | 'detached'>

const shipped = async (
  { commit, sign, detached }: CommitSettings,
  env: Variables,
): Promise<CommitStrategy> => {
  if (commit === 'none') return (await readOnly()).strategy
  const { directGit, safeCommitGuard } = await import('@kitty/git-commit')
  const direct = directGit({ sign, detached, env })
  return commit === 'safe' ? safeCommitGuard(direct, { env }) : direct
}

const invalid = (specifier: string, what: string, cause?: unknown): KittyError =>
  new KittyError('STRATEGY_INVALID', `SPEC_KITTY_COMMIT_STRATEGY=${specifier}: ${what}`, {
    hint: 'Use a module whose default export is a commit strategy, or a function that returns one.',
    cause,
  })

const isStrategy = (value: unknown): value is CommitStrategy =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'commit' in value &&
  typeof value.commit === 'function'

/** The URL of a path, relative to the current folder. Anything else is the name of a package, and is unchanged. */
const urlOf = (specifier: string, cwd: string): string =>
  specifier.startsWith('.') || isAbsolute(specifier)
    ? pathToFileURL(resolve(cwd, specifier)).href
    : specifier

const defaultExportOf = async (specifier: string, cwd: string): Promise<unknown> => {
  try {
    const module: { readonly default?: unknown } = await import(urlOf(specifier, cwd))
    return typeof module.default === 'function' ? await module.default() : module.default
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw invalid(specifier, words, error)
  }
}

/** Loads a strategy from a module that the environment names. Throws `STRATEGY_INVALID`. */
const fromModule = async (specifier: string, cwd: string): Promise<CommitStrategy> => {
  const found = await defaultExportOf(specifier, cwd)
  if (isStrategy(found)) return found
  throw invalid(specifier, 'its default export is not a commit strategy.')
}

/** The settings that select a strategy. */
export type StrategyChoice = {
  /** From the environment. It overrides the configuration. */
  readonly module: string | undefined
  readonly settings: CommitSettings
  readonly cwd: string
  readonly variables: Variables
}

/** Loads the selected commit strategy. Throws `STRATEGY_INVALID`. */
export const chooseStrategy = (choice: StrategyChoice): Promise<CommitStrategy> =>
  choice.module === undefined
    ? shipped(choice.settings, choice.variables)
    : fromModule(choice.module, choice.cwd)
