import type { OpId } from '@kitty/record'
import { secretKindsIn } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { otherTexts, textsOf } from '../facts/texts.js'

const findingOf = (path: string, kinds: readonly string[], id?: OpId): Finding => ({
  id: secretText.id,
  severity: 'warning',
  ...(id !== undefined && { invocation_id: id }),
  path,
  message: `The file contains what looks like a secret (${kinds.join(', ')}). Records are never rewritten, and a secret that was pushed stays exposed: revoke it where it was issued.`,
  fixable: false,
  next: [],
})

const elsewhere = async (context: CheckContext): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for await (const { path, text } of otherTexts(context)) {
    const kinds = await secretKindsIn(text, context.ops.redactPatterns)
    if (kinds.length > 0) findings.push(findingOf(path, kinds))
  }
  return findings
}

/** Records, logs and evidence that contain secrets, by the rules that redact new records. */
export const secretText: Check = {
  id: 'secret-text',
  deep: true,
  visit: async (found, { ops }) => {
    if (!found.ok) return undefined
    const kinds = await secretKindsIn(textsOf(found.record).join('\n'), ops.redactPatterns)
    return kinds.length > 0 ? findingOf(found.path, kinds, found.id) : undefined
  },
  run: elsewhere,
}
