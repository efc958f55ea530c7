// Runs the published suite of a build against one of its strategies, and prints which cases pass.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [build, name] = process.argv.slice(2)
const { resolve } = createRequire(join(build, 'packages', 'git-commit', 'package.json'))
const load = (specifier) => import(pathToFileURL(resolve(specifier)).href)
const { commitStrategyCases } = await load('@kitty/writer/testing')
const { directGit, noCommit, safeCommitGuard } = await load('@kitty/git-commit')

const direct = () => directGit({ lockTimeoutMs: 100 })
const STRATEGIES = {
  direct: { createStrategy: direct },
  guard: { createStrategy: () => safeCommitGuard(direct(), { destination: 'work' }) },
  none: { createStrategy: noCommit, commits: false },
  'guard around none': { createStrategy: () => safeCommitGuard(noCommit()), commits: false },
}

for (const each of commitStrategyCases(STRATEGIES[name])) {
  const result = await each.run().then(
    () => 'passes',
    (error) => `fails: ${error.message}`,
  )
  process.stdout.write(`${each.name}: ${result}\n`)
}
