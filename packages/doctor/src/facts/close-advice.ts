import type { OpId } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { CheckContext, Finding } from '../check/check.js'
import { closingCommand } from '../check/closing-command.js'
import { closedInHead } from './unclosed-on-disk.js'

/** What to do about an open Op whose record is damaged. */
export const closeAdvice = (id: OpId): string =>
  `The Op is open and can be closed all the same: ${closingCommand(id)}`

/** Nobody is to close what HEAD has as closed: git has the record whole. */
export const unlessClosedInHead = async (
  context: CheckContext,
  look: Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => {
  const [findings, closed] = await Promise.all([look, closedInHead(context)])
  return findings.map((finding) => {
    const id = finding.invocation_id
    const path = id && closed.get(id)
    if (id === undefined || path === undefined) return finding
    const back = `HEAD has the Op as closed. To have that back: git checkout HEAD -- ${shellWord(path)}.`
    return { ...finding, message: finding.message.replace(closeAdvice(id), back) }
  })
}
