import { isAttended, type Mark, readRecord, recordPath } from '@kitty/writer'
import type { Examination } from '../check/check.js'
import { inParallel } from '../check/concurrency.js'
import { sharedFact } from '../check/memo.js'
import { headOf, isInHead } from './head.js'
import { marksOf } from './intents.js'

/** A close that had begun and was never finished; its mark holds the whole closed record. */
export type Unfinished = {
  readonly mark: Mark
  /** Relative to the root, with `/`. */
  readonly path: string
  /** What is on disk: the beginning of the closed record, no record at all, or something else. */
  readonly onDisk: 'beginning' | 'nothing' | 'something-else'
}

const AT_ONCE = 32

const judge = async (at: Examination, mark: Mark): Promise<Unfinished | undefined> => {
  const id = mark.invocation_id
  // A file that cannot be read at all is another check's finding.
  const file = await readRecord(at.ops.root, id).catch(() => 'unreadable' as const)
  if (file === 'unreadable' || file?.record.status === 'closed') return undefined
  if (file !== undefined) {
    const begins = mark.bytes.subarray(0, file.bytes.length).equals(file.bytes)
    return { mark, path: file.path, onDisk: begins ? 'beginning' : 'something-else' }
  }
  const head = await headOf(at)
  if (head !== undefined && isInHead(head, id, mark.bytes)) return undefined
  return { mark, path: recordPath(id), onDisk: 'nothing' }
}

/** Every close that a crash cut off, or whose record was taken away before it was committed. */
export const unfinished = sharedFact(async (at): Promise<readonly Unfinished[]> => {
  const marks = [...(await marksOf(at)).values()].filter((mark) => !isAttended(mark))
  const judged = await inParallel(marks, AT_ONCE, (mark) => judge(at, mark))
  return judged.filter((close) => close !== undefined)
})
