import { secretKindsIn } from '@kitty/writer'
import type { Check, Examination, Finding } from '../check.js'
import { eachRecord } from '../facts/each-record.js'
import { textsOf } from '../facts/texts.js'

const examine = async (at: Examination): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  await eachRecord(at, async (found) => {
    if ('error' in found) return
    const kinds = await secretKindsIn(textsOf(found.record).join('\n'))
    if (kinds.length === 0) return
    const { id, path } = found
    const message = `${path} holds what looks like a secret (${kinds.join(', ')}). A record is never rewritten, and what was pushed stays known: make the secret void where it was given out`
    findings.push({
      id: secretText.id,
      severity: 'warning',
      invocation_id: id,
      path,
      message,
      fixable: false,
    })
  })
  return findings
}

/** Records with secrets in them, by the same rules that keep them out of new ones. */
export const secretText: Check = { id: 'secret-text', deep: true, examine }
