// Measures the tests of a revision: the number of expectations, their titles, and the branches they cover.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run } from '../run.mjs'
import { Trouble } from '../trouble.mjs'

const namesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** Returns every folder of a tree that has tests, with the name of its project. */
const projectsOf = (tree) => {
  const grouped = ['packages', 'internal', 'examples'].flatMap((group) =>
    namesIn(join(tree, group)).map((name) => [name, join(tree, group, name)]),
  )
  const single = ['scripts', 'proof'].map((name) => [name, join(tree, name)])
  return [...grouped, ...single].filter(([, folder]) => existsSync(join(folder, 'test')))
}

const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

// A published test suite is in `src`, and has expectations too.
const expectsIn = (folder) =>
  ['src', 'test']
    .map((name) => join(folder, name))
    .filter(existsSync)
    .flatMap(sourcesIn)
    .map((file) => readFileSync(file, 'utf8').split('expect(').length - 1)
    .reduce((sum, count) => sum + count, 0)

const json = (file) => JSON.parse(readFileSync(file, 'utf8'))

const vitest = async (tree, args) => {
  const program = join(tree, 'node_modules', 'vitest', 'vitest.mjs')
  const code = await run(process.execPath, [program, ...args], { cwd: tree, quiet: true })
  if (code !== 0) throw new Trouble(`vitest ${args[0]} failed in ${tree}. See above.`)
}

// Some titles contain the id of an Op, which differs in each run.
const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g

const titlesIn = async (tree, project, reports) => {
  const file = join(reports, `${project}-titles.json`)
  await vitest(tree, ['list', '--project', project, `--json=${file}`])
  return json(file).map(({ name }) => name.replaceAll(ID, 'ID'))
}

/** Returns the share of branches that the tests of a package cover, in percent. */
const branchesOf = async (tree, project, folder, reports) => {
  const coverage = join(reports, `${project}-coverage`)
  const source = relative(tree, join(folder, 'src')).replaceAll('\\', '/')
  const flags = ['--coverage', `--coverage.include=${source}/**/*.ts`]
  flags.push('--coverage.reporter=json-summary', `--coverage.reportsDirectory=${coverage}`)
  await vitest(tree, ['run', '--project', project, '--reporter=minimal', ...flags])
  return json(join(coverage, 'coverage-summary.json')).total.branches.pct
}

/**
 * Measures the tests of the named projects of a built tree, or of all projects if none is named. `reports` is a folder
 * for reports.
 */
export const measureTests = async (tree, reports, { coverage, named }) => {
  mkdirSync(reports, { recursive: true })
  const measured = new Map()
  const isWanted = ([project]) => named.length === 0 || named.includes(project)
  for (const [project, folder] of projectsOf(tree).filter(isWanted)) {
    process.stderr.write(`${project} in ${tree} …\n`)
    const isPackage = folder.startsWith(join(tree, 'packages'))
    measured.set(project, {
      expects: expectsIn(folder),
      titles: await titlesIn(tree, project, reports),
      branches:
        coverage && isPackage ? await branchesOf(tree, project, folder, reports) : undefined,
    })
  }
  return measured
}
