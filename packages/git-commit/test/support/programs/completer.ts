import { text } from 'node:stream/consumers'
import type { OpId } from '@kitty/record'
import { openOps } from '@kitty/writer'
import { directGit } from '../../../src/direct-git.js'
import { withLedger } from '../../../src/ledger/with-ledger.js'

const request = { profile_id: 'p', action: 'a', actor: 'a', request_text: 'Why?' }

/**
 * Opens a number of Ops, reports that it is ready, waits for its standard input to end, closes them a few at a
 * time, and prints the result of each. With `ledger` as the home, they go into the ledger, too.
 */
export const main = async (
  root: string,
  count: string,
  atATime: string,
  home?: string,
): Promise<void> => {
  const ops = await openOps({
    root,
    strategy: home === 'ledger' ? withLedger(directGit()) : directGit(),
    durability: 'process',
    lockTimeoutMs: 60_000,
  })
  const ids: OpId[] = []
  for (let n = 0; n < Number(count); n += 1) ids.push((await ops.start(request)).id)
  process.stdout.write('\n')
  await text(process.stdin)
  const results: unknown[] = []
  while (ids.length > 0) {
    const some = ids.splice(0, Number(atATime))
    const closed = some.map((id) => ops.complete(id, { outcome: 'done' }))
    results.push(...(await Promise.all(closed)).map(({ id, commit }) => [id, commit]))
  }
  process.stdout.write(JSON.stringify(results))
}
