import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import type { CommitStrategy, Ops } from '@kitty/writer'
import { type Caller, callerOf } from '../command/caller.js'
import { definedFields } from '../command/defined.js'
import { type Environment, readEnvironment } from '../command/environment.js'
import { UsageError } from '../command/errors.js'
import type { Io } from '../command/io.js'
import type { Settings } from './settings.js'

/** The purpose of opening a store. Only `closing` needs a commit strategy; `reading` needs no settings. */
type Purpose = 'reading' | 'opening' | 'closing'

/** A project and its settings, which are loaded when they are needed. */
export type Project = {
  /** Absolute. */
  readonly root: string
  readonly environment: Environment
  readonly caller: Caller
  /** Who opens Ops, if not the caller. */
  readonly openedBy?: 'hook'
  settings(): Promise<Settings>
  strategy(): Promise<CommitStrategy>
  /** Opens the store. `trackOpener`: this process works on the Ops that it opens. Default `false`. */
  open(purpose: Purpose, trackOpener?: boolean): Promise<Ops>
}

type Kind = 'folder' | 'other' | 'missing' | 'forbidden'

const kindOf = async (path: string): Promise<Kind> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'missing'
  }
}

const forbidden = (path: string): KittyError =>
  new KittyError('NOT_READABLE', `No permission to look into ${path}`, {
    hint: 'Check who owns the folder and those above it.',
  })

// What Node puts in the place of bytes that are not UTF-8; it cannot open such a path.
const NOT_UTF8 = '\ufffd'

/**
 * Throws `CURRENT_FOLDER_GONE` if the current folder was deleted, `PATH_NOT_UTF8` if Node cannot name it,
 * `NOT_READABLE`.
 */
export const requireCurrentFolder = async (
  { cwd }: Pick<Io, 'cwd'>,
  hint = 'Change to a folder that exists, or name the project with --root and an absolute path.',
): Promise<void> => {
  const kind = await kindOf(cwd)
  if (kind === 'folder') return
  if (kind === 'forbidden') throw forbidden(cwd)
  if (cwd.includes(NOT_UTF8)) {
    throw new KittyError('PATH_NOT_UTF8', `The path of the current folder is not UTF-8: ${cwd}`, {
      hint: 'Rename the folder that has such a name, or work in another one.',
    })
  }
  throw new KittyError('CURRENT_FOLDER_GONE', 'The current folder was deleted.', { hint })
}

const givenRoot = async (path: string): Promise<string> => {
  const kind = await kindOf(path)
  if (kind === 'folder') return path
  if (kind === 'forbidden') throw forbidden(path)
  throw new KittyError(
    'ROOT_NOT_FOUND',
    kind === 'other' ? `${path} is not a folder.` : `The folder ${path} does not exist.`,
    {
      hint: 'Set --root (or SPEC_KITTY_ROOT) to an existing folder.',
    },
  )
}

const rootOf = async (io: Io, named: string | undefined): Promise<string> => {
  if (named === '') {
    throw new UsageError('USAGE', '--root is empty.', {
      hint: 'Set it to a folder, or leave it out.',
    })
  }
  if (named === undefined || !isAbsolute(named)) await requireCurrentFolder(io)
  if (named !== undefined) return givenRoot(resolve(io.cwd, named))
  const { findProjectRoot } = await import('@kitty/writer')
  return findProjectRoot(io.cwd)
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/**
 * The strategy of a store that commits nothing: its reader knows the records that a sparse checkout keeps off the disk,
 * and HEAD in the reftable format. The module for git is loaded only there.
 */
const readingStrategy = async (root: string) => {
  const { hasReftable, hasSparseCheckout } = await import('@kitty/writer/internals')
  return (await hasSparseCheckout(root)) || (await hasReftable(root))
    ? (await import('./commit-strategy.js')).readOnly()
    : {}
}

const openStore = async (
  io: Io,
  project: Omit<Project, 'open'>,
  purpose: Purpose,
  trackOpener: boolean,
): Promise<Ops> => {
  const { openOps } = await import('@kitty/writer')
  const { root, caller, environment } = project
  const { session } = environment
  const base = {
    root,
    trackOpener,
    // This process works on an Op only while it runs a command under it.
    runsCommand: trackOpener,
    clock: io.clock,
    ...definedFields({
      session,
      openedBy: project.openedBy ?? (caller === 'unknown' ? undefined : caller),
    }),
  }
  if (purpose === 'reading') return openOps({ ...base, ...(await readingStrategy(root)) })
  const settings = await project.settings()
  const { durability, redact, redactPatterns, exclude, commitIndex, linkCommits } = settings
  const strategy =
    purpose === 'closing' ? { strategy: await project.strategy() } : await readingStrategy(root)
  const index = definedFields({ commitOpsIndex: commitIndex })
  const content = { redact, redactPatterns, linkCommits }
  return openOps({ ...base, ...content, durability, exclude, ...index, ...strategy })
}

/** Who opens Ops, if not the caller that the environment shows. */
export type OpenedFor = {
  readonly session: string
  /** `hook`: a hook recorded the work of an agent that did not ask for it. */
  readonly openedBy?: 'hook'
}

/**
 * Finds the project and connects its parts, as the configuration, the environment and the flags say; the later ones
 * override. This is the only place that does. Throws `ROOT_NOT_FOUND`, `CURRENT_FOLDER_GONE`, `PATH_NOT_UTF8`.
 */
export const openProject = async (
  io: Io,
  flags: { root?: string | undefined },
  openedFor?: OpenedFor,
): Promise<Project> => {
  const { cwd, variables } = io
  const read = readEnvironment(variables)
  const environment = openedFor ? { ...read, session: openedFor.session } : read
  const root = await rootOf(io, flags.root ?? environment.root)
  const settings = once(async () => (await import('./read-config.js')).readConfig(root))
  const strategy = once(async () => {
    const { chooseStrategy } = await import('./commit-strategy.js')
    const choice = { module: environment.strategy, cwd, variables }
    return chooseStrategy({ ...choice, settings: await settings() })
  })
  const caller = callerOf(environment, io)
  const { openedBy } = openedFor ?? {}
  const project = { root, environment, caller, settings, strategy, ...definedFields({ openedBy }) }
  return {
    ...project,
    open: (purpose, trackOpener = false) => openStore(io, project, purpose, trackOpener),
  }
}
