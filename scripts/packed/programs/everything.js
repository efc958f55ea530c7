// Runs in a folder with all packages installed: runs, commits and lists an Op.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { main } from '@kitty/cli'
import { doctorOps } from '@kitty/doctor'
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { commitStrategyCases } from '@kitty/writer/testing'

const root = 'repository'
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
mkdirSync(root)
git('init', '--quiet')
git('config', 'user.name', 'Packed')
git('config', 'user.email', 'packed@example.org')

const ops = await openOps({ root, strategy: directGit() })
const request = { profile_id: 'p', action: 'a', request_text: 'Does it work packed?', actor: 'x' }
const { completion } = await ops.run(request, () => 'yes')

const list = ['ops', 'list', '--root', root, '--json']
const [listed, listedAsOps] = ['run.js', 'kitty-ops.js'].map((name) => {
  const command = [`node_modules/@kitty/cli/bin/${name}`, ...list]
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })).ops
})
const cases = commitStrategyCases({ createStrategy: () => directGit() }).length

const { status } = completion.commit
process.stdout.write(`all: ${status}, ${listed.length} listed, ${cases} conformance cases\n`)
const usable = [main, doctorOps].every((each) => typeof each === 'function')
if (
  status !== 'committed' ||
  listed.length !== 1 ||
  listedAsOps.length !== 1 ||
  cases === 0 ||
  !usable
)
  process.exitCode = 1
