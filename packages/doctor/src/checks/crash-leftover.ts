import { readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { OPS_DIR, unless } from '@kitty/writer'
import type { Check, Examination, Remedy } from '../check.js'
import { workTreeOf } from '../facts/work-tree.js'

const REPORT = /^fast_import_crash_\d+$/

/** Every ref that our streams name begins like this. */
const OUR_REF = 'refs/kitty/'

const isOurs = (path: string): boolean => {
  try {
    return readFileSync(path, 'latin1').includes(OUR_REF)
  } catch {
    return false
  }
}

/** The reports of git's importer that are about our commits, by name; the others are the user's. */
const reportsOf = async (at: Examination): Promise<ReadonlyMap<string, string>> => {
  const tree = await workTreeOf(at)
  if (tree === undefined) return new Map()
  const names = readdirSync(tree.gitDir).filter((name) => REPORT.test(name))
  const paths = names.map((name) => [name, join(tree.gitDir, name)] as const)
  return new Map(paths.filter(([, path]) => isOurs(path)))
}

const remove: Remedy = {
  plan: ({ path }) => `Would remove ${path}.`,
  apply: async ({ path = '' }, at) => {
    const file = (await reportsOf(at)).get(path)
    if (file !== undefined) unless('ENOENT', () => unlinkSync(file))
    return { done: true, message: `Removed ${path}.` }
  },
}

/** Crash reports that git's importer left when it was killed in the middle of an Op's commit. */
export const crashLeftover: Check = {
  id: 'crash-leftover',
  examine: async (at) =>
    [...(await reportsOf(at)).keys()].map((path) => ({
      id: crashLeftover.id,
      severity: 'info',
      path,
      message: `git left ${path} in its directory, since a commit in ${OPS_DIR} was cut off. It is of no use to anybody. To remove it: spec-kitty doctor ops --fix`,
      fixable: true,
    })),
  mend: remove,
}
