import { existsSync } from 'node:fs'
import {
  archivedPath,
  OPS_DIR,
  opIdOfName,
  readRegular,
  recordPath,
  shellWord,
  toAbsolute,
} from '@kitty/writer'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { type FoundFile, filesOf } from '../facts/files.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

type Archived = { readonly id: string; readonly path: string }

const archivedIn = (files: readonly FoundFile[]): readonly Archived[] =>
  files.flatMap(({ folder, name, path }) => {
    const id = folder === OPS_DIR ? undefined : opIdOfName(name)
    return id === undefined ? [] : [{ id, path }]
  })

const wrongMonth = ({ id, path }: Archived): Finding => ({
  id: misplacedRecord.id,
  severity: 'warning',
  invocation_id: id,
  path,
  message: `${path} is in the wrong month, where not everything finds it: the month follows from the id. Move it: git mv ${shellWord(path)} ${archivedPath(id)}`,
  fixable: false,
})

const read = ({ ops }: CheckContext, path: string): Promise<Buffer | undefined> =>
  readRegular(toAbsolute(ops.root, path)).catch(() => undefined)

/** The one that HEAD has counts; what an archiving left unfinished may be finished, or taken back. */
const wayOut = async (context: CheckContext, hot: string, archived: string): Promise<string> => {
  const [head, index] = await Promise.all([
    headOf(context).catch(() => undefined),
    indexedAt(context, [hot]).catch(() => undefined),
  ])
  if (!head?.has(archived)) {
    return `To finish that: spec-kitty ops archive, with the flags it had. To take it back: delete ${archived}`
  }
  const remove = index?.has(hot) ? `git rm -f -- ${hot}, then git commit` : `delete ${hot}`
  return `git has the archived one. Remove the other: ${remove}`
}

const twice = async ({ id, path }: Archived, context: CheckContext): Promise<Finding> => {
  const [hot, cold] = await Promise.all([read(context, recordPath(id)), read(context, path)])
  const isSame = hot !== undefined && cold?.equals(hot) === true
  const what = isSame
    ? `the same to the byte, as an archiving that was cut off leaves it. ${await wayOut(context, recordPath(id), path)}`
    : `and they differ; the hot one counts. See how: git diff --no-index ${recordPath(id)} ${shellWord(path)}`
  return {
    id: misplacedRecord.id,
    severity: isSame ? 'warning' : 'error',
    invocation_id: id,
    path,
    message: `${recordPath(id)} is in the archive too (${path}), ${what}`,
    fixable: false,
  }
}

/** Archived records in the wrong month, and Ops that have a hot record beside their archived one. */
export const misplacedRecord: Check = {
  id: 'misplaced-record',
  run: async (context) => {
    const files = await filesOf(context)
    const archived = archivedIn(files)
    const doubled = archived.filter(({ id }) =>
      existsSync(toAbsolute(context.ops.root, recordPath(id))),
    )
    const findings = await Promise.all(doubled.map((each) => twice(each, context)))
    const misplaced = archived.filter(({ id, path }) => path !== archivedPath(id))
    return [...findings, ...misplaced.map(wrongMonth)]
  },
}
