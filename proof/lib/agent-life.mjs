// A process of `proof agents`: lives one agent's life after the other in a clone until it gets a message to stop. Sends
// each Op that it closed to its parent.
import { once } from 'node:events'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { directGit, withLedger } from '@kitty/git-commit'
import { eventFields } from '@kitty/record'
import { openOps } from '@kitty/writer'
import { numbersFrom } from './numbers.mjs'
import { tryGit } from './repository.mjs'

const [clone, trees, name, seed] = process.argv.slice(2)
const next = numbersFrom(Number(seed))
const chance = (percent) => next(100) < percent
const send = (message) => process.send(message)

let stopped = false
let paused
process.on('message', (message) => {
  if (message === 'stop') stopped = true
  if (message === 'pause') paused = once(process, 'message')
})

const open = (root) =>
  openOps({
    root,
    strategy: withLedger(
      directGit({ lockTimeoutMs: 5_000, detached: chance(50) ? 'commit' : 'defer' }),
    ),
  })

let number = 0

/**
 * Works in a work tree: opens Ops, commits work of its own, closes most of the Ops. Returns whether the work tree can be
 * thrown away: a close that is reported as pending in it would be lost.
 */
const work = async (root) => {
  const ops = await open(root)
  let isKept = true
  for (let left = 1 + next(3); left > 0; left -= 1) {
    number += 1
    const { id } = await ops.start({
      profile_id: 'agent',
      action: 'work',
      request_text: `${name} ${number}`,
      actor: name,
    })
    if (chance(60)) {
      appendFileSync(join(root, `${name}.txt`), `${number}\n`)
      tryGit(root, 'add', '--', `${name}.txt`)
      tryGit(root, 'commit', '--quiet', '-m', `Work ${number} of ${name}`)
    }
    // An agent that is cut off leaves its Op open.
    if (chance(8)) continue
    const outcome = chance(80) ? 'done' : 'failed'
    const { commit, record } = await ops.complete(id, { outcome })
    isKept &&= commit.ledger?.status === 'committed'
    const bytes = record.events.map((event) => `${JSON.stringify(eventFields(event))}\n`).join('')
    const of = ({ reason, code, status }) => reason ?? code ?? status
    const kept = commit.ledger === undefined ? '' : `, in the ledger ${of(commit.ledger)}`
    send({ id, bytes, root, commit: `${of(commit)}${kept}` })
  }
  return isKept
}

const report = (error) => {
  send({ error: `${error.code ?? ''} ${error.message}`.trim() })
  return false
}

/** Lives in a work tree of its own, on a branch or on none, which is thrown away. */
const liveApart = async () => {
  const branch = `${name}-${number}`
  const root = join(trees, branch)
  const where = chance(40) ? ['--detach', root] : ['-b', branch, root]
  if (tryGit(clone, 'worktree', 'add', '--quiet', ...where).status !== 0) return
  const isKept = await work(root).catch(report)
  if (!isKept) return
  if (chance(50)) tryGit(root, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)
  if (chance(70)) tryGit(clone, 'worktree', 'remove', '--force', root)
  else rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  if (chance(30)) tryGit(clone, 'worktree', 'prune')
  if (chance(50)) tryGit(clone, 'branch', '-D', branch)
}

/** Lives in the main work tree, beside others. */
const liveHere = async () => {
  await work(clone).catch(report)
  tryGit(clone, 'pull', '--quiet', '--no-rebase', '--no-edit', 'origin', 'main')
  if (chance(50)) tryGit(clone, 'push', '--quiet', 'origin', `HEAD:refs/heads/${name}`)
}

while (!stopped) {
  if (paused !== undefined) {
    // The next pause can be asked for before this one has ended here.
    const goOn = paused
    paused = undefined
    send({ paused: true })
    await goOn
  }
  await (chance(65) ? liveApart() : liveHere())
}
process.disconnect()
