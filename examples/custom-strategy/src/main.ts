// A store with your own commit strategy, see plain-git.ts.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openOps } from '@kitty/writer'
import { plainGit } from './plain-git.js'

const root = mkdtempSync(join(tmpdir(), 'kitty-example-'))
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
git('init', '--quiet')
git('config', 'user.name', 'Example')
git('config', 'user.email', 'example@example.org')
git('commit', '--quiet', '--allow-empty', '-m', 'Begin')

const ops = await openOps({ root, strategy: plainGit })
const op = await ops.start({
  profile_id: 'gardener-gwen',
  action: 'water',
  request_text: 'Water the plants.',
  actor: 'example',
})
const { commit } = await ops.complete(op.id, { outcome: 'done' })
console.log(`${plainGit.name}: ${commit.status}`)
console.log(git('log', '-1', '--stat'))
if (commit.status !== 'committed') process.exitCode = 1
