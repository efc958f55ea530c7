// node scripts/api.mjs: writes docs/api/, the public API of each package. With --check, writes nothing and fails
// if docs/api/ differs from the built packages, so that a change of the API shows in review, or if an entry point for
// our own packages (`/internals`, `/inspect`) changes without a changeset that says so.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPrivateEntries } from './api/private-entries.mjs'
import { reportOf } from './api/report.mjs'
import { top } from './run.mjs'
import { main, Trouble } from './trouble.mjs'

const folder = join(top, 'docs', 'api')
const onDisk = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

await main(async () => {
  const differing = []
  for (const name of readdirSync(join(top, 'packages'))) {
    const file = join(folder, `${name}.md`)
    const report = reportOf(join(top, 'packages', name))
    if (onDisk(file).replaceAll('\r\n', '\n') === report) continue
    differing.push(`docs/api/${name}.md`)
    if (process.argv.includes('--check')) continue
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, report)
  }
  if (!process.argv.includes('--check')) return
  if (differing.length > 0) {
    const files = differing.join(', ')
    throw new Trouble(`Out of date: ${files}. Review the change of the API, then run: npm run api`)
  }
  checkPrivateEntries(top)
})
