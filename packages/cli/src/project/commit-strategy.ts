import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { KittyError } from '@kitty/record'
import type { CommitStrategy } from '@kitty/writer'
import type { Variables } from '../command/io.js'
import { isObject } from '../command/json-object.js'
import { importModule } from './import-module.js'
import type { Settings } from './settings.js'

/** Commits nothing, and reads what git holds. */
export const readOnly = async (): Promise<{ readonly strategy: CommitStrategy }> => {
  const { directGit, noCommit } = await import('@kitty/git-commit')
  return { strategy: { ...noCommit(), reader: directGit().reader } }
}

/** The settings of a commit strategy. */
type CommitSettings = Pick<
  Settings,
  'commit' | 'ledger' | 'ledgerEvidenceLimit' | 'sign' | 'detached'
>

/** The ledger. Only `always` signs it: with `auto`, a missing key would keep every Op out of it. */
const ledgerFor = async ({
  ledgerEvidenceLimit,
  sign,
}: CommitSettings): Promise<CommitStrategy> => {
  const { ledger } = await import('@kitty/git-commit')
  return ledger({
    evidenceLimit: ledgerEvidenceLimit,
    sign: sign === 'always' ? 'always' : 'never',
  })
}

const shipped = async (settings: CommitSettings, env: Variables): Promise<CommitStrategy> => {
  const { commit, sign, detached } = settings
  if (commit === 'ledger') return ledgerFor(settings)
  if (commit === 'none') return (await readOnly()).strategy
  const { directGit, safeCommitGuard } = await import('@kitty/git-commit')
  const direct = directGit({ sign, detached, env })
  return commit === 'safe' ? safeCommitGuard(direct, { env }) : direct
}

const invalid = (specifier: string, what: string, cause?: unknown): KittyError =>
  new KittyError('STRATEGY_INVALID', `SPEC_KITTY_COMMIT_STRATEGY=${specifier}: ${what}`, {
    hint: 'Use a module whose default export is a commit strategy, or a function that returns one. Begin a path with ./',
    cause,
  })

const isStrategy = (value: unknown): value is CommitStrategy =>
  isObject(value) &&
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
    const module = await importModule(urlOf(specifier, cwd))
    const found = isObject(module) && 'default' in module ? module.default : undefined
    return typeof found === 'function' ? await found() : found
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

/** Whether the ledger is composed with a strategy: not if it commits nothing, or brings its own ledger or is one. */
const takesLedger = ({ commits, home, ledger }: CommitStrategy): boolean =>
  commits !== false && home !== 'ref' && ledger === undefined

/** Loads the selected commit strategy, with the ledger as its second home unless that is off. Throws `STRATEGY_INVALID`. */
export const chooseStrategy = async (choice: StrategyChoice): Promise<CommitStrategy> => {
  const { settings } = choice
  const strategy =
    choice.module === undefined
      ? await shipped(settings, choice.variables)
      : await fromModule(choice.module, choice.cwd)
  if (!(settings.ledger && takesLedger(strategy))) return strategy
  const { withLedger } = await import('@kitty/git-commit')
  return withLedger(strategy, await ledgerFor(settings))
}
