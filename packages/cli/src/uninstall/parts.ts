import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AGENTS } from '../agents/registry.js'
import type { Variables } from '../command/io.js'
import type { ProgramName } from '../command/program.js'
import { findInstalled, remove, type Site } from '../hooks/installation.js'
import { PROGRAM_NAMES } from '../package-info.js'

/** Every root of the repository that is here: of all its work trees, and of all their stores. The first is `root`. */
export const rootsOf = async (root: string): Promise<readonly string[]> => {
  const { findWorkTree, knownWorkTrees, rootsInWorkTrees } = await import('@kitty/writer/internals')
  const known = (await knownWorkTrees(root))
    .filter(({ status }) => status === 'present')
    .flatMap((tree) => tree.roots.map((each) => each.root))
  const trees = await rootsInWorkTrees(root)
  const tops = await Promise.all(trees.map(async (each) => (await findWorkTree(each))?.top ?? each))
  return [...new Set([...trees, ...tops, ...known])].filter((each) => existsSync(each))
}

const sitesIn = (
  roots: readonly string[],
  variables: Variables,
  program: ProgramName,
): readonly Site[] =>
  roots.flatMap((root) =>
    [...new Set([program.bin, ...PROGRAM_NAMES])].flatMap((bin) =>
      AGENTS.map((agent) => ({
        agent,
        scope: 'project' as const,
        root,
        variables,
        program: { ...program, bin },
      })),
    ),
  )

/** Removes hooks and instructions of every agent from roots. Returns the files, absolute. */
export const removeHooks = async (
  roots: readonly string[],
  variables: Variables,
  program: ProgramName,
): Promise<readonly string[]> => {
  const files: string[] = []
  for (const site of sitesIn(roots, variables, program)) {
    if (findInstalled(site) === undefined) continue
    const changed = (await remove(site)).filter((file) => file.changed)
    files.push(...changed.map(({ path }) => join(site.root, path)))
  }
  return [...new Set(files)]
}

/** The files that `removeHooks` would change. */
export const findHooks = (
  roots: readonly string[],
  variables: Variables,
  program: ProgramName,
): readonly string[] => {
  const files = sitesIn(roots, variables, program).flatMap((site) => {
    const found = findInstalled(site)
    if (found === undefined) return []
    const settings = found.events.length > 0 ? [found.path] : []
    return [...settings, ...found.instructions].map((path) => join(site.root, path))
  })
  return [...new Set(files)]
}

/** Finds the indexes of records that git does not track: each is a cache, which nothing would hide any more. */
export const findIndexes = async (roots: readonly string[]): Promise<readonly string[]> => {
  const { indexEntries } = await import('@kitty/git-commit/inspect')
  const { INDEX_PATH } = await import('@kitty/writer/internals')
  const found: string[] = []
  for (const root of roots) {
    const path = join(root, INDEX_PATH)
    if (!existsSync(path)) continue
    const tracked = (await indexEntries(root, [INDEX_PATH])) ?? []
    if (tracked.length === 0) found.push(path)
  }
  return found
}
