import type { Check, Finding } from '../check/check.js'
import { closingCommand } from '../check/closing-command.js'
import { type UnclosedInHead, unclosedInHead } from '../facts/unclosed-on-disk.js'

const findingOf = ({ id, path, inHead }: UnclosedInHead): readonly Finding[] =>
  inHead.status === 'open'
    ? [
        {
          id: committedWhileOpen.id,
          severity: 'warning',
          invocation_id: id,
          path,
          message: `${path} is the record of an open Op, and somebody's commit holds it as such (git add -A does that). Close it, and the closed record is committed over it: ${closingCommand(id)}`,
          fixable: false,
        },
      ]
    : []

/** Open Ops whose record is in HEAD. This software never commits one. */
export const committedWhileOpen: Check = {
  id: 'committed-while-open',
  run: async (context) => (await unclosedInHead(context)).flatMap(findingOf),
}
