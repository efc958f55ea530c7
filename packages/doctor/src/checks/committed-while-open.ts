import { type Check, defineCheck, type Finding } from '../check/check.js'
import { type UnclosedInHead, unclosedInHead } from '../facts/unclosed-on-disk.js'

const findingOf = ({ id, path, inHead }: UnclosedInHead): readonly Finding[] =>
  inHead.status === 'open'
    ? [
        {
          id: committedWhileOpen.id,
          severity: 'warning',
          invocation_id: id,
          path,
          message:
            'The Op is open, and a commit contains its open record, for example because everything was staged. Closing the Op commits the closed record over it.',
          fixable: false,
          next: [{ verb: 'close', id }],
        },
      ]
    : []

/** Open Ops whose record is in HEAD. This software never commits one. */
export const committedWhileOpen: Check = defineCheck({
  id: 'committed-while-open',
  needs: { unclosed: unclosedInHead },
  run: async (_, { unclosed }) => (await unclosed()).flatMap(findingOf),
})
