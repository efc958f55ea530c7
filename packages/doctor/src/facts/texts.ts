import { readdirSync, statSync } from 'node:fs'
import type { OpRecord } from '@kitty/record'
import {
  EVIDENCE_DIR,
  LIFECYCLE_PATH,
  PROPAGATION_ERRORS_PATH,
  readRegular,
  toAbsolute,
} from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'

const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/** Returns every text in a record, without JSON's escapes. */
export const textsOf = ({ events }: OpRecord): readonly string[] => events.flatMap(stringsIn)

/** A file other than a record that gets committed; `path` is relative to the root, with `/`. */
type OtherText = { readonly path: string; readonly text: string }

/** A larger file is a log or a dump, and not worth the time. */
const MOST_BYTES = 1024 * 1024

const namesIn = (root: string, folder: string): readonly string[] => {
  try {
    return readdirSync(toAbsolute(root, folder))
  } catch {
    // It is missing, or not a folder.
    return []
  }
}

const evidence = (root: string): readonly string[] =>
  namesIn(root, EVIDENCE_DIR).flatMap((id) =>
    namesIn(root, `${EVIDENCE_DIR}/${id}`).map((name) => `${EVIDENCE_DIR}/${id}/${name}`),
  )

const read = async (root: string, path: string): Promise<string | undefined> => {
  try {
    const info = statSync(toAbsolute(root, path), { throwIfNoEntry: false })
    if (info === undefined || info.size > MOST_BYTES) return undefined
    const bytes = await readRegular(toAbsolute(root, path))
    // Binary files are not text.
    return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString()
  } catch {
    // Whether it can be read is for another check to report.
    return undefined
  }
}

/** Yields the logs and the evidence of Ops, as far as they are text of at most 1 MiB. */
export async function* otherTexts({ ops: { root } }: CheckContext): AsyncGenerator<OtherText> {
  for (const path of [LIFECYCLE_PATH, PROPAGATION_ERRORS_PATH, ...evidence(root)]) {
    const text = await read(root, path)
    if (text !== undefined) yield { path, text }
  }
}
