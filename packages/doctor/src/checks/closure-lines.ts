import { parseOpClosures } from '@kitty/record'
import { CLOSURES_PATH, readRegularSync, toAbsolute } from '@kitty/writer/internals'
import type { Check } from '../check/check.js'
import { numbersOf } from '../facts/log-lines.js'

const textOf = (root: string): Buffer | string => {
  try {
    return readRegularSync(toAbsolute(root, CLOSURES_PATH)) ?? ''
  } catch {
    // A link is for another check to report.
    return ''
  }
}

/** Lines of `op-closures.jsonl` that cannot be read: they close no Op. */
export const closureLines: Check = {
  id: 'closure-lines',
  run: async ({ ops }) => {
    const { problems } = parseOpClosures(textOf(ops.root))
    const unread = problems.filter(({ severity }) => severity === 'error')
    if (unread.length === 0) return []
    const lines = unread.map(({ line }) => ({ number: line, text: '' }))
    const message = `The Ops that other software closed cannot be read in ${numbersOf(lines)}, for example because of a merge conflict; these lines close no Op. After a merge conflict, keep the lines of both sides and delete the markers.`
    const base = { id: closureLines.id, severity: 'warning', path: CLOSURES_PATH } as const
    return [{ ...base, message, fixable: false, next: [] }]
  },
}
