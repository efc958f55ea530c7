// A release, as far as it goes without one: in a copy, the changesets become versions and changelogs,
// and every package is published but for the sending.
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyForRelease, manifestOf } from './release/copy.mjs'
import { pnpm, tool } from './tools.mjs'
import { main, Trouble } from './trouble.mjs'

const must = async (what, code) => {
  if ((await code) !== 0) throw new Trouble(`${what}: failed, see above.`)
}

const waiting = (folder) =>
  readdirSync(join(folder, '.changeset')).filter((name) => name.endsWith('.md'))

const checkVersion = (folder, name, before) => {
  const { version } = manifestOf(folder, name)
  const isNew = version !== before
  if (isNew && !existsSync(join(folder, 'packages', name, 'CHANGELOG.md'))) {
    throw new Trouble(`${name} ${version} has no changelog.`)
  }
  // Where it says 0.0.0, nothing was ever released: a changeset is missing.
  if (version === '0.0.0') throw new Trouble(`${name} has no changeset for its first release.`)
  process.stdout.write(`${name}: ${before} → ${version}\n`)
}

const PUBLISH = ['publish', '--dry-run', '--no-git-checks', '--ignore-scripts']

const rehearse = async (folder) => {
  const names = await copyForRelease(folder)
  const before = new Map(names.map((name) => [name, manifestOf(folder, name).version]))
  const quiet = { cwd: folder, quiet: true }
  if (waiting(folder).length > 0) {
    await must('changeset version', tool('@changesets/cli/bin.js', ['version'], quiet))
    if (waiting(folder).length > 0)
      throw new Trouble('Changesets are left after changeset version.')
  }
  for (const name of names) {
    checkVersion(folder, name, before.get(name))
    const cwd = join(folder, 'packages', name)
    await must(`publish ${name}, dry run`, pnpm(PUBLISH, { cwd, quiet: true }))
  }
}

await main(async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-release-')))
  try {
    await rehearse(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
