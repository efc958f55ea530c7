import { text } from 'node:stream/consumers'
import { parseOpId } from '@kitty/record'
import { AlreadyClosedError } from '../../../src/ops/errors.js'
import { openOps } from '../../../src/ops/ops.js'
import type { PropagatedEvent } from '../../../src/ports/propagator.js'
import { fileHistory } from '../file-history.js'

const die = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

/** When it kills itself: before or after the strategy has committed, or when the close is propagated. */
export type Death = 'never' | 'before-commit' | 'after-commit' | 'propagating'

const storeIn = (root: string, history: string, death: Death) => {
  const at = (moment: Death) => (death === moment ? die : () => {})
  const submit = async ({ event }: PropagatedEvent) => {
    if (event === 'completed') at('propagating')()
  }
  return openOps({
    root,
    durability: 'process',
    strategy: fileHistory(history, at('before-commit'), at('after-commit')),
    propagator: { submit },
  })
}

/** Reports that it is ready, waits for its standard input to end, closes an Op and prints the result. */
export const main = async (root: string, history: string, id: string, death: Death) => {
  const ops = await storeIn(root, history, death)
  process.stdout.write('\n')
  await text(process.stdin)
  const answer = await ops.complete(parseOpId(id), { outcome: 'done' }).then(
    ({ already, commit }) => ({ closed: !already, commit }),
    (error: unknown) => ({
      closed: false,
      commit: error instanceof AlreadyClosedError ? error.commit : String(error),
    }),
  )
  await ops.flush()
  process.stdout.write(JSON.stringify(answer))
}
