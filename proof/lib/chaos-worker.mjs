// A process of `proof chaos`: opens, completes, sweeps and archives Ops until it gets a message to stop, and sends the
// result of each close to its parent.
import { doctorOps } from '@kitty/doctor'
import { directGit, withLedger } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { numbersFrom } from './numbers.mjs'

const [root, seed] = process.argv.slice(2)
const next = numbersFrom(Number(seed))
const chance = (percent) => next(100) < percent

const ops = await openOps({ root, strategy: withLedger(directGit({ lockTimeoutMs: 5_000 })) })
const REQUEST = { profile_id: 'chaos', action: 'work', request_text: 'Go on.', actor: 'x' }
const open = []
let stopped = false
process.on('message', () => {
  stopped = true
})

const begin = async () => {
  const { id } = await ops.start(REQUEST)
  open.push(id)
}

const complete = async () => {
  const id = open.shift()
  if (id === undefined) return begin()
  try {
    const { commit } = await ops.complete(id, { outcome: chance(80) ? 'done' : 'failed' })
    process.send({
      id,
      commit: commit.status,
      reason: commit.reason ?? commit.code,
      message: commit.message,
    })
  } catch (error) {
    // A sweep of another process closed it first.
    if (error.code !== 'ALREADY_CLOSED') throw error
    process.send({ id, commit: 'elsewhere' })
  }
}

const act = async () => {
  const dice = next(100)
  if (dice < 45) return begin()
  if (dice < 96) return complete()
  if (dice < 98) return ops.archive({ olderThanDays: 0, keep: 20 })
  // Half of the sweeps close every open Op, so that two processes close the same Op.
  return doctorOps({ ops, closeStale: true, thresholdHours: chance(50) ? 0 : 1 })
}

// A deferred commit is a result, not an error. Everything that is thrown is counted.
const report = (error) =>
  process.send({ error: `${error.code ?? ''} ${error.message} ${error.stack}` })

while (!stopped) await act().catch(report)
for (const id of open.splice(0)) {
  open.push(id)
  await complete().catch(report)
}
process.disconnect()
