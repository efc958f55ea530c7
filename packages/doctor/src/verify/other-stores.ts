import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type HistoryRange, storesAtTip } from '@kitty/git-commit/inspect'
import { OPS_DIR } from '@kitty/writer/internals'
import type { Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { listNames } from '../check/wording.js'
import { inRoot, note } from './finding.js'

/** Returns the history of the store with this prefix. */
export const placeOf = (place: HistoryRange, prefix: string): HistoryRange => ({
  ...place,
  prefix,
  folder: `${prefix}${OPS_DIR}`,
})

/** These need the folder of the store. */
const IN_FOLDER: ReadonlySet<NextStep['verb']> = new Set(['fix', 'restore', 'validate'])

/** The steps of a store without a folder, from the project root that was named. */
const stepsFrom = (own: HistoryRange, store: HistoryRange, next: readonly NextStep[]) => {
  const reroot = (path: string): string => inRoot(own, `${store.prefix}${path}`)
  return next.flatMap((step): readonly NextStep[] => {
    if (IN_FOLDER.has(step.verb)) return []
    const { path } = step
    return path === undefined || step.verb === 'git-stage-blob'
      ? [step]
      : [{ ...step, path: reroot(path), ...(step.to !== undefined && { to: reroot(step.to) }) }]
  })
}

/**
 * Returns what was found in another store: with its root, from which its steps work; or if its folder is not here, with
 * steps that work from the root that was named. `top` is the top of the work tree, if there is one.
 */
export const inOtherStore =
  (own: HistoryRange, store: HistoryRange, top: string | undefined) =>
  (finding: Finding): Finding => {
    const root = top && join(top, store.prefix, '.')
    if (root === undefined || !existsSync(root)) {
      return { ...finding, next: stepsFrom(own, store, finding.next) }
    }
    const { path, ...rest } = finding
    return { ...rest, root, ...(path !== undefined && { path: inRoot(store, path) }) }
  }

/** Returns a note that names the stores at the tip that are not below the project root. */
export const notChecked = async (
  place: HistoryRange,
  top: string | undefined,
): Promise<readonly Finding[]> => {
  if (place.prefix === '') return []
  const others = (await storesAtTip(place, place.prefix)).filter(
    (prefix) => !prefix.startsWith(place.prefix),
  )
  if (others.length === 0) return []
  const names = listNames(others.map((prefix) => prefix.slice(0, -1) || 'the top folder'))
  const message =
    others.length === 1
      ? `Another store of this repository was not checked: ${names}.`
      : `${others.length} other stores of this repository were not checked: ${names}.`
  return [note('other-store', message, {}, top ? [{ verb: 'verify-there', path: top }] : [])]
}
