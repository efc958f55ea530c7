import type { MissingRecord } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { findAtTips, type PlaceAtTip } from '../repository/find-at-tips.js'

/** Returns the newest commit that HEAD and a tip have in common; `undefined` if there is none. */
const baseOf = async (top: string, tip: string): Promise<string | undefined> => {
  const answer = await runGit(top, ['merge-base', 'HEAD', tip])
  return answer.ok ? answer.stdout.toString().trim() : undefined
}

/** Returns those of these names, each `<commit>:<path>`, that name a file. */
const filesAmong = async (top: string, names: readonly string[]): Promise<ReadonlySet<string>> => {
  const answer = await gitText(top, ['cat-file', '--buffer', '--batch-check=%(objecttype)'], {
    what: 'read the common history',
    input: names.map((name) => `${name}\n`).join(''),
  })
  const lines = answer.split('\n')
  return new Set(names.filter((_, number) => lines[number] === 'blob'))
}

/** The possible paths of a record relative to the top, by the one where it was found. */
const pathsFrom = ({ path }: PlaceAtTip, { paths }: MissingRecord): readonly string[] => {
  const found = paths.find((each) => path.endsWith(each)) ?? path
  return paths.map((each) => `${path.slice(0, path.length - found.length)}${each}`)
}

/**
 * Returns for each record, in the same order, whether it comes from another branch: the tip of that branch has these
 * bytes, and HEAD never had the record, because git has not finished a merge or was interrupted. If HEAD had it, a commit
 * took it out.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const areComing = async (
  root: string,
  records: readonly MissingRecord[],
): Promise<readonly boolean[]> => {
  const places = await findAtTips(root, records)
  const [first] = places.filter((place) => place !== undefined)
  if (first === undefined) return records.map(() => false)
  const bases = new Map<string, string | undefined>()
  for (const tip of new Set(places.flatMap((place) => place?.tip ?? []))) {
    bases.set(tip, await baseOf(first.top, tip))
  }
  const namesInBase = records.map((record, number): readonly string[] => {
    const place = places[number]
    const base = place && bases.get(place.tip)
    return base && place ? pathsFrom(place, record).map((path) => `${base}:${path}`) : []
  })
  const inBase = await filesAmong(first.top, namesInBase.flat())
  return places.map(
    (place, number) =>
      place !== undefined && !namesInBase[number]?.some((name) => inBase.has(name)),
  )
}
