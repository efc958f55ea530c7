// A process of `bench contention`: sends a message when it is ready, waits for one, and closes its Ops.
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { directGit, ledger } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { git } from './repository.mjs'

const [root, way, number, each] = process.argv.slice(2)
const turns = Array.from({ length: Number(each) }, (_, turn) => turn)

const plain = () => {
  mkdirSync(join(root, 'kitty-ops'), { recursive: true })
  return turns.map((turn) => async () => {
    const path = `kitty-ops/${number.padStart(13, '0')}${String(turn).padStart(13, '0')}.jsonl`
    writeFileSync(join(root, path), 'x'.repeat(400))
    await git(root, 'add', path)
    await git(root, 'commit', '--quiet', '--only', '-m', `op(x): ${number}-${turn}`, '--', path)
  })
}

const specKitty = async (strategy) => {
  const ops = await openOps({ root, strategy, durability: 'process' })
  const request = { profile_id: 'bench', action: 'measure', request_text: 'How long?', actor: 'x' }
  const started = await Promise.all(turns.map(() => ops.start(request)))
  return started.map(
    ({ id }) =>
      () =>
        ops.complete(id, { outcome: 'done' }),
  )
}

const STRATEGIES = { 'spec-kitty': directGit, ledger }
const strategy = STRATEGIES[way]?.()
const tasks = await (strategy === undefined ? plain() : specKitty(strategy))
process.send('ready')
await once(process, 'message')
// Without a retry, the plain way loses an Op each time another process is faster.
for (const task of tasks) await task().catch(() => undefined)
process.disconnect()
