import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  configureRepository,
  newRepository,
  type Repository,
  type RepositoryOptions,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import { withBranches } from './branches.js'

/** A repository, and the folder that contains everything of it, which can be restored as a whole. */
export type World = { readonly repository: Repository; readonly folder: string }

const FILES = { 'file.txt': 'base\n', 'half.txt': 'a\n\n\nb\n', 'mine.txt': 'mine\n' }

const move = async (source: Repository, name: string, folder: string): Promise<Repository> => {
  await rename(source.path, join(folder, name))
  return repositoryAt(join(folder, name))
}

const moved = (make: () => Promise<Repository>) => async (): Promise<World> => {
  const folder = join(await tempFolder(), 'world')
  await mkdir(folder)
  return { repository: await move(await make(), 'repository', folder), folder }
}

const kind = (options: RepositoryOptions) =>
  moved(() => newRepository({ files: FILES, ...options }))

const linked = async (): Promise<World> => {
  const { repository, folder } = await moved(withBranches)()
  const path = join(folder, 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'here', path, 'work')
  return { repository: repositoryAt(path), folder }
}

const submodule = async (): Promise<World> => {
  const { repository: outer, folder } = await moved(() => newRepository())()
  const inner = await withBranches()
  const allow = ['-c', 'protocol.file.allow=always']
  await outer.git(...allow, 'submodule', '--quiet', 'add', inner.path, 'inner')
  await outer.commit('Add a submodule')
  const path = join(outer.path, 'inner')
  await configureRepository(path)
  const repository = repositoryAt(path)
  await repository.git('branch', '--quiet', 'other', 'origin/other')
  return { repository, folder }
}

/** Every kind of repository in which the model and direct git are compared. */
export const WORLDS: Readonly<Record<string, () => Promise<World>>> = {
  plain: moved(withBranches),
  sha256: kind({ objectFormat: 'sha256' }),
  unborn: kind({ unborn: true }),
  linked,
  submodule,
}

const COPY = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }

/** Saves the world as it is now; `instead` runs on a copy of it and is undone afterwards. */
export const parallelWorld = async ({ folder }: World) => {
  const [before, after] = [`${folder}.before`, `${folder}.after`]
  await cp(folder, before, COPY)
  return async <T>(instead: (after: string) => Promise<T>): Promise<T> => {
    await rename(folder, after)
    await rename(before, folder)
    const result = await instead(after)
    await rm(folder, { recursive: true })
    await rename(after, folder)
    return result
  }
}
