// Finds records at the tips of branches. There can be hundreds of branches and thousands of records, so that each folder of
// each branch is read once, and only for records whose bytes are an object of this clone.

import type { MissingRecord } from '@kitty/writer/internals'
import { splitPath, toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { readObjectHeaders, readObjects } from '../objects/cat-file.js'
import { blobId, formatOf, isObjectId } from '../objects/object.js'
import { readSound } from '../objects/read-sound.js'
import { entryFinder } from '../objects/tree.js'
import { readTip } from './head.js'
import { readWorkTree, type WorkTreeState } from './work-tree.js'

/** A commit at the tip of a branch, and the path of a record there, relative to `top` with `/`. */
export type PlaceAtTip = { readonly top: string; readonly tip: string; readonly path: string }

/** A record, with its blob and its possible paths relative to the top. */
type Wanted = { readonly blob: string; readonly paths: readonly string[] }

const LIST = ['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/remotes']

/** Returns the commits at the tips of branches, including remote-tracking ones, each once; HEAD first. */
const tipsOf = async (workTree: WorkTreeState): Promise<readonly string[]> => {
  const here = await readTip(workTree, workTree.head)
  const list = await gitText(workTree.top, LIST, { what: 'list the branches' })
  return [...new Set([here ?? '', ...list.split('\n')])].filter((id) => id !== '')
}

/** The tree of a folder at a tip, by `<tip>:<folder>`. */
type TreesByPlace = ReadonlyMap<string, string>

const treesAt = async (
  top: string,
  tips: readonly string[],
  folders: readonly string[],
): Promise<TreesByPlace> => {
  const places = folders.flatMap((folder) => tips.map((tip) => `${tip}:${folder}`))
  const answer = await gitText(top, ['cat-file', '--buffer', '--batch-check=%(objectname)'], {
    what: 'read the branches',
    input: places.map((place) => `${place}\n`).join(''),
  })
  const ids = answer.split('\n')
  return new Map(
    places.flatMap((place, number) => {
      const id = ids[number] ?? ''
      return isObjectId(id) ? [[place, id] as const] : []
    }),
  )
}

/** How many trees are in memory at once. */
const AT_ONCE = 64

/** Returns the files among these that a tree holds, each as `<tree>/<name>`. */
const filesHeld = async (
  top: string,
  trees: readonly string[],
  files: readonly { readonly name: string; readonly blob: string }[],
): Promise<ReadonlySet<string>> => {
  const held = new Set<string>()
  for (let at = 0; at < trees.length; at += AT_ONCE) {
    const objects = await readSound(trees.slice(at, at + AT_ONCE), (ids) => readObjects(top, ids))
    for (const { id, type, bytes } of objects.values()) {
      if (type !== 'tree') continue
      const find = entryFinder(bytes, id.length / 2)
      for (const { name, blob } of files) if (find(name)?.id === blob) held.add(`${id}/${name}`)
    }
  }
  return held
}

const placesOf = async (
  top: string,
  tips: readonly string[],
  wanted: readonly Wanted[],
): Promise<readonly (PlaceAtTip | undefined)[]> => {
  const folders = new Set(
    wanted.flatMap(({ paths }) => paths.map((path) => splitPath(path).folder)),
  )
  const trees = await treesAt(top, tips, [...folders])
  const files = wanted.flatMap(({ blob, paths }) =>
    [...new Set(paths.map((path) => splitPath(path).name))].map((name) => ({ name, blob })),
  )
  const held = await filesHeld(top, [...new Set(trees.values())], files)
  const holds = ({ tip, path }: PlaceAtTip): boolean => {
    const { folder, name } = splitPath(path)
    return held.has(`${trees.get(`${tip}:${folder}`)}/${name}`)
  }
  return wanted.map(({ paths }) =>
    paths.flatMap((path) => tips.map((tip) => ({ top, tip, path }))).find(holds),
  )
}

/**
 * Returns for each record, in the same order, where a branch has these bytes: HEAD first, since during a switch of branches
 * files that it has can be missing from disk. `undefined` for a record that is at the tip of no branch.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findAtTips = async (
  root: string,
  records: readonly MissingRecord[],
): Promise<readonly (PlaceAtTip | undefined)[]> => {
  const workTree = records.length === 0 ? undefined : await readWorkTree(root)
  // Git reads one place per line, so a folder with a line feed in its name cannot be queried.
  const tips = !workTree || workTree.prefix.includes('\n') ? [] : await tipsOf(workTree)
  const [first] = tips
  if (workTree === undefined || first === undefined) return records.map(() => undefined)
  const { top, prefix } = workTree
  const all = records.map(({ paths, bytes }) => ({
    blob: blobId(bytes, formatOf(first)),
    paths: paths.map((path) => toTopPath(prefix, path)),
  }))
  const blobs = all.map(({ blob }) => blob)
  const here = await readSound(blobs, (ids) => readObjectHeaders(top, ids))
  const possible = all.filter(({ blob }) => here.has(blob))
  const places = possible.length === 0 ? [] : await placesOf(top, tips, possible)
  const found = new Map(possible.map((record, number) => [record, places[number]]))
  return all.map((record) => found.get(record))
}

/** Returns for each record, in the same order, whether the tip of a branch has it. Throws as `findAtTips` does. */
export const areOnBranches = async (
  root: string,
  records: readonly MissingRecord[],
): Promise<readonly boolean[]> =>
  (await findAtTips(root, records)).map((place) => place !== undefined)
