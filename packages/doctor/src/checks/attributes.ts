import {
  type GitAttributes,
  type IndexEntry,
  readBlobs,
  readGitAttributes,
} from '@kitty/git-commit/inspect'
import { newOpId } from '@kitty/record'
import {
  ATTRIBUTES_PATH,
  ATTRIBUTES_TEXT,
  INDEX_PATH,
  LIFECYCLE_PATH,
  readRegular,
  recordPath,
  restoreFile,
  toAbsolute,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix } from '../check/check.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

/** The attributes with which git returns the bytes of a record unchanged. */
const OF_RECORDS: Readonly<Record<string, readonly string[]>> = {
  text: ['unset'],
  filter: ['unset', 'unspecified'],
  ident: ['unset', 'unspecified'],
  'working-tree-encoding': ['unset', 'unspecified'],
}

const wrongIn = (
  found: GitAttributes | undefined,
  wanted: Readonly<Record<string, readonly string[]>>,
): readonly string[] =>
  Object.entries(wanted).flatMap(([name, values]) => {
    const value = found?.get(name) ?? 'unspecified'
    return values.includes(value) ? [] : [`${name} is ${value}`]
  })

/** Returns what is wrong with the attributes in force, from whatever file. */
const wrongHere = async (context: CheckContext): Promise<readonly string[]> => {
  const record = recordPath(newOpId())
  const logs = [INDEX_PATH, LIFECYCLE_PATH]
  const names = [...Object.keys(OF_RECORDS), 'merge']
  const found = await readGitAttributes(context.ops.root, [record, ...logs], names)
  if (found === undefined) return []
  const ofLogs = logs.flatMap((log) =>
    wrongIn(found.get(log), { merge: ['union'] }).map((what) => `${what} for ${log}`),
  )
  return [...wrongIn(found.get(record), OF_RECORDS), ...ofLogs]
}

const indexedHere = async (context: CheckContext): Promise<IndexEntry | undefined> =>
  (await indexedAt(context, [ATTRIBUTES_PATH])).get(ATTRIBUTES_PATH)

const trackedBytes = async (context: CheckContext): Promise<Buffer | undefined> => {
  const blob = (await indexedHere(context))?.blob
  return blob === undefined ? undefined : (await readBlobs(context.ops.root, [blob])).get(blob)
}

const PURPOSE = 'it keeps git from changing the bytes of records'

const gone = async (context: CheckContext): Promise<Finding> => ({
  id: attributes.id,
  severity: 'warning',
  path: ATTRIBUTES_PATH,
  message: `The attributes file is gone from disk; ${PURPOSE}.`,
  // In a partial clone the blob can be missing; a checkout fetches it.
  fixable: (await trackedBytes(context)) !== undefined,
  next: [{ verb: 'git-checkout-index', path: ATTRIBUTES_PATH }],
})

const notYetThere = (): Finding => ({
  id: attributes.id,
  severity: 'info',
  path: ATTRIBUTES_PATH,
  message: `The attributes file is missing; ${PURPOSE}. The commit of the next Op adds it.`,
  fixable: false,
  next: [],
})

const changed = (wrong: readonly string[]): Finding => ({
  id: attributes.id,
  severity: 'warning',
  path: ATTRIBUTES_PATH,
  message: `git can change the bytes of records, or report conflicts when it merges the logs: ${wrong.join('; ')}. The attributes file must end with ${ATTRIBUTES_TEXT.trim()
    .split('\n')
    .map((line) => `"${line}"`)
    .join(', ')}; info/attributes in the git directory overrides it.`,
  fixable: false,
  next: [],
})

const restoreAttributes: Fix = {
  plan: () => `Would restore ${ATTRIBUTES_PATH} from git.`,
  apply: async (_, context) => {
    const bytes = await trackedBytes(context)
    if (bytes === undefined)
      return {
        done: false,
        message: `This clone does not have git's version of ${ATTRIBUTES_PATH}.`,
      }
    await restoreFile({ root: context.ops.root, path: ATTRIBUTES_PATH, bytes })
    return { done: true, message: `Restored ${ATTRIBUTES_PATH} from git.` }
  },
}

/** Attributes under which git would change the bytes of records, or report conflicts when it merges the logs. */
export const attributes: Check = {
  id: 'attributes',
  run: async (context) => {
    // The commit of the first Op adds the file; before that there is nothing to protect.
    if (!(await headOf(context))?.size) return []
    const entry = await indexedHere(context)
    if (entry?.skipWorktree) return []
    const file = await readRegular(toAbsolute(context.ops.root, ATTRIBUTES_PATH))
    if (file === undefined) return [entry === undefined ? notYetThere() : await gone(context)]
    const wrong = await wrongHere(context)
    return wrong.length === 0 ? [] : [changed(wrong)]
  },
  fix: restoreAttributes,
}
