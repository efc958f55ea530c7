import { type OpId, parseOpId } from '@kitty/record'
import { openOps } from '@kitty/writer'
import { directGit } from '../../../src/direct-git.js'
import { withLedger } from '../../../src/ledger/with-ledger.js'

const REQUEST = { profile_id: 'p', action: 'a', request_text: 'Why?' }

const open = async (root: string) =>
  openOps({ root, strategy: withLedger(directGit()), lockTimeoutMs: 2_000 })

const closed = async (root: string, id: OpId): Promise<string> => {
  const { commit } = await (await open(root)).complete(id, { outcome: 'done' })
  return JSON.stringify(commit)
}

/** Opens an Op and prints its id, or closes one and prints the result of its commit; with this umask. */
export const main = async (root: string, umask: string, id?: string): Promise<void> => {
  process.umask(umask)
  const answer =
    id === undefined
      ? (await (await open(root)).start(REQUEST)).id
      : await closed(root, parseOpId(id))
  process.stdout.write(answer)
}
