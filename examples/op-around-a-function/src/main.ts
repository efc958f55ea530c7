// Runs a function of your program as an Op: opens it before the call, and closes it with the real outcome.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { directGit, safeCommitGuard } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'

const root = mkdtempSync(join(tmpdir(), 'kitty-example-'))
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
git('init', '--quiet')
git('symbolic-ref', 'HEAD', 'refs/heads/feature-x')
git('config', 'user.name', 'Example')
git('config', 'user.email', 'example@example.org')

// The guard refuses to commit to any branch except the destination.
const strategy = safeCommitGuard(directGit(), { destination: 'feature-x' })
const ops = await openOps({ root, strategy })

const request = {
  profile_id: 'accountant-anna',
  action: 'add-up',
  request_text: 'What is the sum of 1, 2 and 3?',
  actor: 'example',
}

// What the Op is closed with can be made from the result.
const { value, completion } = await ops.run(request, () => 1 + 2 + 3, {
  closing: (sum) => ({ reason: `The sum is ${sum}.` }),
})
console.log(`The answer is ${value}; its Op was ${completion.commit.status}.`)

// If the function throws, its Op is closed as failed, and the error is passed on.
const failing = ops.run(request, () => {
  throw new Error('not a number')
})
await failing.catch((error: unknown) => console.log(`It failed: ${String(error)}`))

// Aborting closes the Op as abandoned. The function gets the same signal, so that it stops, too.
const signal = AbortSignal.timeout(10)
const aborted = ops.run(request, () => sleep(60_000, undefined, { signal }), { signal })
await aborted.catch((error: unknown) => console.log(`It was given up: ${String(error)}`))

// Without a function: open the Op, do the work, and close it with its real outcome.
const op = await ops.start(request)
await op.complete({ outcome: 'done', reason: 'Nothing was left to add up.' })

for (const { invocation_id, outcome } of await ops.list()) console.log(invocation_id, outcome)
console.log(git('log', '--format=%s'))
