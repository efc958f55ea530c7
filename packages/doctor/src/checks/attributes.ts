import {
  type GitAttributes,
  type IndexEntry,
  readBlobs,
  readGitAttributes,
} from '@kitty/git-commit'
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
} from '@kitty/writer'
import type { Check, CheckContext, Finding, Fix } from '../check/check.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

/** What git must go by so that the bytes of a record come out of it as they went in. */
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

/** What is wrong with the attributes in force, wherever they come from. */
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

const gone = (isTracked: boolean): Finding => ({
  id: attributes.id,
  severity: isTracked ? 'warning' : 'info',
  path: ATTRIBUTES_PATH,
  message: isTracked
    ? `${ATTRIBUTES_PATH} is gone from disk; it keeps git from changing bytes of records. To have it back: git checkout -- ${ATTRIBUTES_PATH}`
    : `${ATTRIBUTES_PATH} is missing; it keeps git from changing bytes of records. It comes with the next Op that is committed. There is nothing to do.`,
  fixable: isTracked,
})

const changed = (wrong: readonly string[]): Finding => ({
  id: attributes.id,
  severity: 'warning',
  path: ATTRIBUTES_PATH,
  message: `git may change bytes of records, or stop merges of the logs: ${wrong.join('; ')}. ${ATTRIBUTES_PATH} must say, after all else in it: ${ATTRIBUTES_TEXT.trim()
    .split('\n')
    .map((line) => `"${line}"`)
    .join(', ')}. If it does, info/attributes in the git directory outranks it`,
  fixable: false,
})

const restoreAttributes: Fix = {
  plan: () => `Would bring back ${ATTRIBUTES_PATH} from git.`,
  apply: async (_, context) => {
    const bytes = await trackedBytes(context)
    if (bytes === undefined) return { done: false, message: `git has no ${ATTRIBUTES_PATH}.` }
    await restoreFile({ root: context.ops.root, path: ATTRIBUTES_PATH, bytes })
    return { done: true, message: `Brought back ${ATTRIBUTES_PATH} from git.` }
  },
}

/** Attributes under which git would not keep records to the byte, or would stop at merges of the logs. */
export const attributes: Check = {
  id: 'attributes',
  run: async (context) => {
    // They come with the first Op that is committed; before, there is nothing to keep.
    if (!(await headOf(context))?.size) return []
    const entry = await indexedHere(context)
    if (entry?.skipWorktree) return []
    const file = await readRegular(toAbsolute(context.ops.root, ATTRIBUTES_PATH))
    if (file === undefined) return [gone(entry !== undefined)]
    const wrong = await wrongHere(context)
    return wrong.length === 0 ? [] : [changed(wrong)]
  },
  fix: restoreAttributes,
}
