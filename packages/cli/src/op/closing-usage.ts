import type { UsageReport } from '@kitty/writer'
import { UsageError } from '../command/errors.js'
import { isObject } from '../command/json-object.js'

const invalid = (why: string): UsageError =>
  new UsageError('USAGE', `--usage: ${why}`, {
    hint: `Use JSON such as '{"model":"large-1","input_tokens":1200,"output_tokens":340,"cost_usd":0.02}'. Nothing was written.`,
  })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('this is not JSON.')
  }
}

/**
 * Reads what an Op used: an object, or a list of them, for each flag. The store checks the fields. Returns `undefined` if
 * there is no flag. Throws a usage error.
 */
export const usageOfFlags = (
  texts: readonly string[] | undefined,
): readonly UsageReport[] | undefined =>
  texts?.flatMap((text) => {
    const reports: readonly unknown[] = [parsed(text)].flat()
    return reports.map((report) => {
      if (isObject(report)) return report
      throw invalid('this is neither an object nor a list of objects.')
    })
  })
