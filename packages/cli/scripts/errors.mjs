// Writes docs/errors.md from the built list of codes and the hints of the command line. With --check, only reports
// whether it differs.
import { readFile } from 'node:fs/promises'
import { DEFERRED_REASONS, ERROR_CODES, SYNC_REASONS } from '../../record/dist/base/error-codes.js'
import { hintFor } from '../dist/command/hints.js'
import { writeGenerated } from './generated.mjs'

const INTRODUCTION = new URL('errors-introduction.md', import.meta.url)
const PROGRAM = { bin: 'spec-kitty', topicSeparator: ' ', root: undefined }
const ABOUT = { id: 'ID', path: 'FILE' }

// The hints end with their command: `See what changed: spec-kitty doctor ops`.
const withCommand = (hint) => hint.replace(/: ((?:spec-kitty|git) .*?)(\. To |$)/g, ': `$1`$2')

const actionOf = (code, action = withCommand(hintFor(code, '', ABOUT, PROGRAM))) =>
  /[.?!]$/.test(action) || action.endsWith('`') ? action : `${action}.`

const row = ([code, { meaning, action }]) =>
  `| \`${code}\` | ${meaning} | ${actionOf(code, action)} |\n`

const byCode = ([one], [other]) => (one < other ? -1 : 1)

const table = (name, entries) =>
  `| ${name} | meaning | what to do |\n|---|---|---|\n${Object.entries(entries).sort(byCode).map(row).join('')}`

const text = (await readFile(INTRODUCTION, 'utf8'))
  .replaceAll('../../../docs/', '')
  .replace('ERROR_CODES\n', table('code', ERROR_CODES))
  .replace('DEFERRED_REASONS\n', table('reason', DEFERRED_REASONS))
  .replace('SYNC_REASONS\n', table('reason', SYNC_REASONS))

await writeGenerated('errors.md', text, {
  source: 'list of codes',
  command: 'npm run errors',
})
