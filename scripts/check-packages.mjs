// Checks every package as a user gets it: packed, looked at by publint and attw, then installed from the
// tarball into an empty folder (the record package alone, then all of them) and used there.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, pnpm, run, Trouble, tool, top } from './run.mjs'
import { main } from './setup.mjs'

const NAMES = ['record', 'writer', 'git-commit', 'doctor', 'cli']

const must = async (what, code) => {
  if ((await code) !== 0) throw new Trouble(`${what}: failed, see above.`)
}

const pack = async (name, folder) => {
  const cwd = join(top, 'packages', name)
  await must(`pack ${name}`, pnpm(['pack', '--pack-destination', folder], { cwd, quiet: true }))
  const tarball = readdirSync(folder).find((file) => file.startsWith(`kitty-${name}-`))
  return join(folder, tarball)
}

const lint = async (name, tarball) => {
  const quiet = { quiet: true }
  await must(`publint ${name}`, tool('publint/src/cli.js', ['run', tarball, '--strict'], quiet))
  const attw = '@arethetypeswrong/cli/dist/index.js'
  const options = ['--profile', 'esm-only', '--no-emoji']
  await must(`attw ${name}`, tool(attw, [tarball, ...options], quiet))
}

/** Installs tarballs into an empty folder and runs a program there. */
const use = async (folder, tarballs, program) => {
  mkdirSync(folder)
  const overrides = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [`@kitty/${name}`, `file:${path}`]),
  )
  const manifest = {
    name: 'empty',
    private: true,
    type: 'module',
    dependencies: overrides,
    overrides,
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'main.js'), program)
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await must(`install into ${folder}`, npm(install, { cwd: folder, quiet: true }))
  await must(`use in ${folder}`, run(process.execPath, ['main.js'], { cwd: folder }))
}

const RECORD_ALONE = `
import { readdirSync } from 'node:fs'
import { newOpId, parseOpRecord } from '@kitty/record'
const { status } = parseOpRecord('hello', { opId: newOpId() })
const installed = readdirSync('node_modules').filter((name) => !name.startsWith('.')).sort().join(' ')
console.log('@kitty/record alone: ' + status + ', installed with it: ' + installed)
if (status !== 'unreadable' || installed !== '@kitty ulid zod') process.exitCode = 1
`

const ALL = `
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { examine } from '@kitty/doctor'
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { commitStrategyCases } from '@kitty/writer/testing'
mkdirSync('repository')
const git = (...args) => execFileSync('git', args, { cwd: 'repository', encoding: 'utf8' })
git('init', '--quiet')
git('config', 'user.name', 'Packed')
git('config', 'user.email', 'packed@example.org')
const ops = await openOps({ root: 'repository', commit: directGit() })
const request = { profile_id: 'p', action: 'a', request_text: 'Does it work packed?', actor: 'x' }
const { completion } = await ops.run(request, () => 'yes')
const cases = commitStrategyCases({ createStrategy: () => directGit() }).length
console.log('all together: ' + completion.commit.status + ', ' + cases + ' conformance cases')
if (completion.commit.status !== 'committed' || typeof examine !== 'function') process.exitCode = 1
execFileSync(process.execPath, ['node_modules/@kitty/cli/bin/run.js', 'ops', 'list', '--root', 'repository'], { stdio: 'inherit' })
`

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-packed-'))
  try {
    const packed = join(folder, 'tarballs')
    mkdirSync(packed)
    const tarballs = {}
    for (const name of NAMES) tarballs[name] = await pack(name, packed)
    await Promise.all(NAMES.map((name) => lint(name, tarballs[name])))
    await use(join(folder, 'alone'), { record: tarballs.record }, RECORD_ALONE)
    await use(join(folder, 'all'), tarballs, ALL)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
