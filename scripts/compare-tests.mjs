// npm run test:compare -- --against REV: compares the tests with those of a revision. Prints for each project the
// number of expectations, titles and covered branches, and lists what was lost. `--no-coverage` leaves out the
// branches, which need two runs of all tests. Names of projects (`record`, `proof`) leave out all others.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fallen, tableOf } from './compare/fallen.mjs'
import { measureTests } from './compare/measure.mjs'
import { run, top } from './run.mjs'
import { setup } from './setup.mjs'
import { npm } from './tools.mjs'
import { main, must, Trouble } from './trouble.mjs'

const options = {
  against: { type: 'string' },
  coverage: { type: 'boolean', default: true },
}
const { values, positionals } = parseArgs({ options, allowNegative: true, allowPositionals: true })
const { against, coverage } = values

/** Calls `task` with a built checkout of a revision. It is next to this tree, so that `..` is the same for both. */
const withRevision = async (revision, task) => {
  const tree = mkdtempSync(join(top, '..', 'compare-'))
  const git = (...args) => run('git', args, { quiet: true })
  try {
    await must(`check out ${revision}`, git('worktree', 'add', '--detach', tree, revision))
    await must(`build ${revision}`, npm(['run', 'build'], { cwd: tree, quiet: true }))
    return await task(tree)
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
  const lost = fallen(then, now)
  process.stdout.write(lost.length === 0 ? 'Nothing was lost.\n' : `Lost:\n${lost.join('\n')}\n`)
  return lost.length === 0 ? 0 : 1
}

await main(async () => {
  if (against === undefined)
    throw new Trouble('Missing revision to compare with: use --against REV')
  await setup()
  const reports = mkdtempSync(join(tmpdir(), 'kitty-compare-'))
  try {
    return await compare(against, reports)
  } finally {
    rmSync(reports, { recursive: true, force: true, maxRetries: 5 })
  }
})
