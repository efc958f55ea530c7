// npm run proof -- mutation: changes the code in small ways (mutants) and runs the tests of that code, which must
// notice each change. Prints the mutants that no test noticed, and the score of each package. Works in a copy of this
// work tree, where pnpm installs Stryker. Options: --package record, --files WORD (a part of the paths), --quick (leaves
// out mutants in code that runs while a file is loaded, which take most of the time)
import { parseArgs } from 'node:util'
import { main, Trouble } from '../scripts/trouble.mjs'
import { makeCopy } from './mutation/copy.mjs'
import { groupsOf, packageNames } from './mutation/packages.mjs'
import { mutate } from './mutation/stryker.mjs'
import { summarize } from './mutation/summary.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    package: { type: 'string' },
    files: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
})

/** Returns the report of each mutated file of a package. */
const mutatePackage = async ({ copy, paths }, name) => {
  const reports = []
  for (const group of groupsOf(name, paths)) {
    const mutated = group.mutated.filter((path) => path.includes(values.files))
    if (mutated.length === 0) continue
    const options = { ignoreStatic: values.quick }
    reports.push(...(await mutate(copy, name, { ...group, mutated }, options)))
  }
  return reports
}

await main(async () => {
  const names = values.package === undefined ? packageNames : [values.package]
  if (!names.every((name) => packageNames.includes(name))) {
    throw new Trouble(`Unknown --package: use one of ${packageNames.join(', ')}`)
  }
  const made = await makeCopy()
  try {
    for (const name of names) {
      const reports = await mutatePackage(made, name)
      process.stdout.write(`${summarize(name, reports)}\n`)
    }
  } finally {
    made.remove()
  }
})
