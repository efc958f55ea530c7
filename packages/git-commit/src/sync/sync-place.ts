import { KittyError } from '@kitty/record'
import { findNoWorkTree } from '@kitty/writer/internals'
import { gitError, gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { type NetworkOutcome, runNetworkGit } from '../git/run-network.js'
import { REMOTE_LEDGERS } from '../ledger/layout.js'
import { fsyncSettings, hooksOff, type RepoSettings, readSettings } from '../repository/config.js'
import { noRepository } from '../repository/no-repository.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import type { SyncOptions, SyncProgress } from './sync-result.js'

/** A repository and the remote that it is synced with. */
export type SyncPlace = {
  readonly root: string
  /** Where git is started: the top of the work tree, or a bare repository. */
  readonly cwd: string
  /** Absent in a bare repository, in which no Op is closed. */
  readonly workTree?: WorkTreeState
  readonly remote: string
  /** The refs of the ledgers that were fetched from this remote, with a final `/`. */
  readonly tracking: string
  readonly options: SyncOptions
  /** Settings of every git that uses the network. */
  readonly config: readonly string[]
  readonly sshCommand: string | undefined
}

/** Nothing but the transfer happens: no hook of this clone, no housekeeping, no submodule, no colour in what is parsed. */
const NETWORK_SETTINGS = [
  'hook.pre-push.enabled=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.bundleURI=',
  'fetch.fsckObjects=true',
  'push.pushOption=',
  'push.negotiate=false',
  'push.recurseSubmodules=no',
  ...['ui', 'push', 'remote', 'transport'].map((part) => `color.${part}=false`),
]

/** Settings of the remote that a sync overrides: a mirror, or the HEAD that git 2.48 and newer follow. */
const remoteSettings = (remote: string): readonly string[] => [
  `remote.${remote}.mirror=false`,
  `remote.${remote}.followRemoteHEAD=never`,
]

const REMOTES_HINT =
  'Name a remote of this clone (git remote -v), or add one: git remote add NAME URL'

const namesIn = ({ config }: RepoSettings): readonly string[] => {
  const names = [...config.keys()].flatMap((key) => /^remote\.(.+)\.url$/s.exec(key)?.[1] ?? [])
  return [...new Set(names)].toSorted()
}

/** Checks that a remote is a name in git's configuration, and can be part of a ref. */
const checkRemote = async (cwd: string, remote: string, known: RepoSettings): Promise<void> => {
  const [url, ref] = await Promise.all([
    runGit(cwd, ['remote', 'get-url', '--', remote]),
    runGit(cwd, ['check-ref-format', `${REMOTE_LEDGERS}${remote}/x`]),
  ])
  const isKnown = remote !== '' && url.ok
  if (isKnown && ref.ok) return
  const names = namesIn(known)
  const list = names.length === 0 ? 'It has none' : `Its remotes: ${names.join(', ')}`
  const message = isKnown
    ? `The name of the remote ${JSON.stringify(remote)} cannot be part of a ref.`
    : `This clone has no remote named ${JSON.stringify(remote)}. ${list}.`
  const hint = isKnown ? 'Rename it: git remote rename OLD NEW' : REMOTES_HINT
  throw new KittyError('REMOTE_UNKNOWN', message, { hint })
}

const settingsOf = async (cwd: string): Promise<RepoSettings> => {
  const read = await readSettings(cwd)
  if (read.ok) return read.value
  // In the words and with the code of every query.
  await gitText(cwd, ['rev-parse', '--git-dir'], { what: 'read its configuration' })
  throw gitError({ what: 'read its configuration' }, await runGit(cwd, ['config', '--list']))
}

/**
 * Finds the repository, and checks the remote.
 *
 * @throws KittyError `NO_REPOSITORY`, `REMOTE_UNKNOWN`, `UNSAFE_DIRECTORY`, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const openSync = async (root: string, options: SyncOptions): Promise<SyncPlace> => {
  const { remote } = options
  const workTree = await readWorkTree(root)
  const cwd = workTree?.top ?? (await findNoWorkTree(root))?.gitDir
  if (cwd === undefined) throw noRepository(root)
  const settings = await settingsOf(cwd)
  await checkRemote(cwd, remote, settings)
  return {
    root,
    cwd,
    ...(workTree && { workTree }),
    remote,
    tracking: `${REMOTE_LEDGERS}${remote}/`,
    options,
    config: [
      ...fsyncSettings(),
      ...hooksOff(settings),
      ...NETWORK_SETTINGS,
      ...remoteSettings(remote),
    ],
    sshCommand: settings.config.get('core.sshcommand'),
  }
}

const MINUTE_MS = 60_000

/** `Receiving objects:  45% (450/1000)`, which git writes again and again on one line. */
const PROGRESS =
  /(?:Receiving|Writing|Unpacking) objects: +\d+% \((\d+)\/(\d+)\)(?![\s\S]* objects: )/

const progressIn = (step: SyncProgress['step'], text: string): SyncProgress | undefined => {
  const [, done, total] = PROGRESS.exec(text) ?? []
  return done === undefined ? undefined : { step, done: Number(done), total: Number(total) }
}

/** A git command that talks to the server. */
type Transfer = {
  readonly step: SyncProgress['step']
  readonly args: readonly string[]
  readonly input?: string
  readonly config?: readonly string[]
}

/** Runs git with the network. Throws KittyError `GIT_NOT_STARTED`. */
export const transfer = (
  { cwd, options, config, sshCommand }: SyncPlace,
  { step, args, input = '', config: more = [] }: Transfer,
): Promise<NetworkOutcome> => {
  const { onProgress, signal, canPrompt = false } = options
  onProgress?.({ step })
  return runNetworkGit(cwd, args, {
    input,
    canPrompt,
    sshCommand,
    signal,
    config: [...config, ...more],
    stallMs: options.stallMs ?? 2 * MINUTE_MS,
    totalMs: options.totalMs ?? 60 * MINUTE_MS,
    onOutput: (text) => {
      const progress = progressIn(step, text)
      if (progress !== undefined) onProgress?.(progress)
    },
  })
}
