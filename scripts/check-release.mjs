// npm run rehearsal: rehearses a release in a copy of the repository. The changesets, or a sample if there are none,
// become versions and changelogs, and every package is published with --dry-run.
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyForRelease, manifestOf } from './release/copy.mjs'
import { pnpm, tool } from './tools.mjs'
import { main, must, Trouble } from './trouble.mjs'

const changesetsIn = (folder) =>
  readdirSync(join(folder, '.changeset')).filter((name) => name.endsWith('.md'))

const SAMPLE = "---\n'@kitty/record': patch\n---\n\nA sample.\n"

const checkVersion = (folder, name, before) => {
  const { version } = manifestOf(folder, name)
  const changelog = readFileSync(join(folder, 'packages', name, 'CHANGELOG.md'), 'utf8')
  if (!changelog.includes(`\n## ${version}\n`)) {
    throw new Trouble(`The changelog of ${name} lacks ${version}.`)
  }
  process.stdout.write(`${name}: ${before} → ${version}\n`)
}

const PUBLISH = ['publish', '--dry-run', '--no-git-checks', '--ignore-scripts']

const rehearse = async (folder) => {
  const names = await copyForRelease(folder)
  const before = new Map(names.map((name) => [name, manifestOf(folder, name).version]))
  const quiet = { cwd: folder, quiet: true }
  if (changesetsIn(folder).length === 0)
    writeFileSync(join(folder, '.changeset', 'sample.md'), SAMPLE)
  await must('changeset version', tool('@changesets/cli/bin.js', ['version'], quiet))
  if (changesetsIn(folder).length > 0)
    throw new Trouble('`changeset version` left changesets behind.')
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
