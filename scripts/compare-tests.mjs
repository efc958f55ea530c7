// npm run test:compare -- --against REV: the tests now beside those of a revision. For each project how
// often they expect something, their titles, and the branches they take; and what of that is less now.
// `--no-coverage` leaves out the branches, which take as long as all tests do, twice. Names of projects
// (`record`, `proof`) leave out all others.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fallen, tableOf } from './compare/fallen.mjs'
import { measureTests } from './compare/measure.mjs'
import { run, top } from './run.mjs'
import { setup } from './setup.mjs'
import { npm } from './tools.mjs'
import { main, Trouble } from './trouble.mjs'

const options = {
  against: { type: 'string' },
  coverage: { type: 'boolean', default: true },
}
const { values, positionals } = parseArgs({ options, allowNegative: true, allowPositionals: true })
const { against, coverage } = values

const must = async (what, code) => {
  if ((await code) !== 0) throw new Trouble(`${what}: failed, see above.`)
}

/** Does something with a revision, checked out beside this tree (so that both see the same), and built. */
const withRevision = async (revision, deed) => {
  const tree = mkdtempSync(join(top, '..', 'compare-'))
  const git = (...args) => run('git', args, { quiet: true })
  try {
    await must(`check out ${revision}`, git('worktree', 'add', '--detach', tree, revision))
    await must(`build ${revision}`, npm(['run', 'build'], { cwd: tree, quiet: true }))
    return await deed(tree)
  } finally {
    await git('worktree', 'remove', '--force', tree)
    rmSync(tree, { recursive: true, force: true, maxRetries: 5 })
  }
}

const compare = async (revision, reports) => {
  const measure = (tree, name) =>
    measureTests(tree, join(reports, name), { coverage, named: positionals })
  const now = await measure(top, 'now')
  const then = await withRevision(revision, (tree) => measure(tree, 'then'))
  process.stdout.write(tableOf(then, now))
  const less = fallen(then, now)
  process.stdout.write(less.length === 0 ? 'Nothing fell.\n' : `Fell:\n${less.join('\n')}\n`)
  return less.length === 0 ? 0 : 1
}

await main(async () => {
  if (against === undefined) throw new Trouble('Say what to compare with: --against REV')
  await setup()
  const reports = mkdtempSync(join(tmpdir(), 'kitty-compare-'))
  try {
    return await compare(against, reports)
  } finally {
    rmSync(reports, { recursive: true, force: true, maxRetries: 5 })
  }
})
