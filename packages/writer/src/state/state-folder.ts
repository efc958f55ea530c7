import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { KittyError, OpId } from '@kitty/record'
import { createFile, replaceFile } from '../fs/durable-file.js'
import { hasCode, writeError } from '../fs/errors.js'
import { canCreateIn, ensureFolder } from '../fs/folder.js'
import type { WorkTree } from '../project/git-dir.js'
import {
  FORMAT_FILE,
  FORMAT_TEXT,
  olderStatesOf,
  PATH_FILE,
  prefixOf,
  ROOT_FILE,
  type StateLocation,
  sharedFolderOf,
  stateDirOf,
  stateInGit,
  stateInRoot,
  withKnownId,
} from '../project/state-dir.js'
import { ensureWorkTreeId, readWorkTreeId } from '../project/work-tree-id.js'
import { removeStaleDrafts } from './intent-store.js'
import { removeStartNote } from './start-notes.js'
import { removeGoneState, takeOverState } from './take-over.js'
import { knownWorkTrees } from './work-trees.js'

const FOLDERS = ['pending', 'started']

const createOnce = async (path: string, text: string): Promise<void> => {
  try {
    await createFile(path, text, 'process')
  } catch (error) {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  }
}

const update = async (path: string, text: string): Promise<void> => {
  let before: string | undefined
  try {
    before = readFileSync(path, 'utf8')
  } catch {
    // It is missing.
  }
  if (before !== text) await replaceFile(path, text, 'process')
}

const notWritable = (path: string): KittyError =>
  writeError(Object.assign(new Error('not writable'), { code: 'EACCES' }), path)

/** Creates a folder below a base folder. Throws what writing throws. */
const ensureBelow = (base: string, path: string): Promise<string> =>
  ensureFolder(base, relative(base, path).split(sep).join('/'), 'power')

/** Removes the state of work trees that are gone and have no open or pending Op. */
const removeStateOfGone = async (root: string): Promise<void> => {
  for (const { status, roots } of await knownWorkTrees(root)) {
    if (status === 'gone') for (const state of roots) removeGoneState(state)
  }
}

/** Creates the state of a root in the common git directory. Throws what writing throws. */
const createInGit = async (root: string, workTree: WorkTree): Promise<StateLocation> => {
  const { commonDir, gitDir, top } = workTree
  const isNew = readWorkTreeId(gitDir) === undefined
  const place = stateInGit(root, workTree, await ensureWorkTreeId(gitDir))
  for (const name of FOLDERS) await ensureBelow(commonDir, join(place.dir, name))
  if (!canCreateIn(join(place.dir, 'pending'))) throw notWritable(place.dir)
  await createOnce(join(sharedFolderOf(commonDir), FORMAT_FILE), FORMAT_TEXT)
  await update(join(place.lockDir, PATH_FILE), `${top}\n`)
  await update(join(place.dir, ROOT_FILE), `${prefixOf(root, workTree)}\n`)
  // Where work trees come and go, their state would pile up.
  if (isNew) await removeStateOfGone(root)
  return place
}

/** Creates the state of a root below the root itself. Throws what writing throws. */
const createInRoot = async (
  root: string,
  workTree: WorkTree | undefined,
): Promise<StateLocation> => {
  const place = await stateInRoot(root, workTree)
  for (const name of FOLDERS) await ensureFolder(root, `.kittify/state/${name}`, 'power')
  await createOnce(join(place.dir, FORMAT_FILE), FORMAT_TEXT)
  // Without an ignore file, git refuses to remove a linked work tree that holds the only copy.
  const isMain = workTree !== undefined && workTree.gitDir === workTree.commonDir
  if (isMain || place.place === 'outside-git')
    await createOnce(join(place.dir, '.gitignore'), '*\n')
  return place
}

const createState = async (
  root: string,
  workTree: WorkTree | undefined,
): Promise<StateLocation> => {
  if (workTree === undefined) return createInRoot(root, undefined)
  for (const mayRetry of [true, false]) {
    try {
      return await createInGit(root, workTree)
    } catch (error) {
      if (!hasCode(error, 'NOT_WRITABLE')) throw error
      // A second refusal is no accident: in the sandbox of an agent, the git directory is often read-only.
      if (!mayRetry) break
    }
  }
  return createInRoot(root, workTree)
}

/** The state folder of a store. It is found at once, and created when an Op is opened or closed. */
export class StateFolder {
  readonly #root: string
  #location: StateLocation
  #isPrepared = false
  /** Called with the Ops whose state was taken over from another place. */
  onTakeOver: (ids: readonly OpId[]) => Promise<void> = async () => undefined

  private constructor(root: string, location: StateLocation) {
    this.#root = root
    this.#location = location
  }

  /** Finds the state folder of a root (a canonical path). Creates nothing. Throws `STATE_NEWER`. */
  static async find(root: string): Promise<StateFolder> {
    return new StateFolder(root, await stateDirOf(root))
  }

  get location(): StateLocation {
    // Another process, or another store of this one, may have created it.
    this.#location = withKnownId(this.#root, this.#location)
    return this.#location
  }

  get dir(): string {
    return this.location.dir
  }

  /** All state folders of the root: its own, the one that cannot be written now, and those that the next Op takes over. */
  get dirs(): readonly string[] {
    const { location } = this
    const { place, workTree } = location
    const id = place === 'in-work-tree' && workTree ? readWorkTreeId(workTree.gitDir) : undefined
    const readOnly = workTree && id ? [stateInGit(this.#root, workTree, id).dir] : []
    const older = olderStatesOf(this.#root, location).map(({ dir }) => dir)
    return [location.dir, ...readOnly, ...older]
  }

  /** Removes the start note of an Op that was settled without the git directory's state, if it is there and can be. */
  async forgetElsewhere(id: OpId): Promise<void> {
    if (this.#location.place !== 'in-work-tree') return
    const [, ...others] = this.dirs
    for (const dir of others) await removeStartNote(dir, id).catch(() => undefined)
  }

  /**
   * Creates the state folder if it is missing, in the git directory or, if that cannot be written, below the root; and
   * takes over the root's state from other places. It holds no records, so users can delete it at any time. Throws
   * what writing throws.
   */
  async ensure(): Promise<void> {
    if (this.#isPrepared && FOLDERS.every((name) => existsSync(join(this.dir, name)))) return
    this.#location = await createState(this.#root, this.#location.workTree)
    removeStaleDrafts(this.dir)
    if (this.#location.place === 'git') {
      for (const older of olderStatesOf(this.#root, this.#location)) {
        await this.onTakeOver(await takeOverState(older, this.dir))
      }
    }
    this.#isPrepared = true
  }

  /** Takes over the root's state from other places, if there is any. Throws what writing throws. */
  async takeOver(): Promise<void> {
    if (this.dirs.length > 1 || this.#location.place === 'in-work-tree') await this.ensure()
  }
}
