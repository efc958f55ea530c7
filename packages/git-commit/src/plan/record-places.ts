import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { archivedPath, opIdOfName, recordPath } from '@kitty/writer/internals'
import { splitPath, toTopPath } from '../git/paths.js'
import type { FileChange } from '../objects/tree-editor.js'
import type { WorkTreeState } from '../repository/work-tree.js'

/**
 * Returns the hot and the archived place of a record, relative to the root; empty if the path is not one of them.
 */
export const recordPathsOf = ({ path }: FileChange, prefix: string): readonly string[] => {
  const id = opIdOfName(splitPath(path).name)
  const places = id === undefined ? [] : [recordPath(id), archivedPath(id)]
  return places.some((place) => toTopPath(prefix, place) === path) ? places : []
}

/**
 * Returns the other place of a record, relative to the top, if the disk has its folder: a month in which nothing
 * was archived need not be looked up in HEAD.
 */
export const otherRecordPaths = (change: FileChange, { top, prefix }: WorkTreeState): string[] =>
  recordPathsOf(change, prefix)
    .map((place) => toTopPath(prefix, place))
    .filter((path) => path !== change.path && existsSync(join(top, splitPath(path).folder)))
