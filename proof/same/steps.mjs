// The steps in every state, in this order: each command as text and as JSON, and what a person does in between.
// In the words of a command, {name} is the id that the step of that name printed, {earlier name} the id of an earlier
// Op, {records} the folder of the records, and {node} this Node.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryGit } from '../lib/repository.mjs'

/** Returns a step that runs the command line. `more` can contain its `input` and its variables, `env`. */
const run = (name, words, more = {}) => ({ name, words, ...more })

/** Returns two steps that run the same words, for text and for JSON. */
const both = (name, words, more) => [
  run(name, words, more),
  run(`${name}, JSON`, `${words} --json`, more),
]

/** Returns a step that a person does. */
const byPerson = (name, by) => ({ name, by })

/** No Op has this id. */
const UNKNOWN_ID = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'
const AS_CLAUDE = { env: { CLAUDECODE: '1' } }
const IN_SESSION = { env: { SPEC_KITTY_SESSION: 'one-session' } }
const SESSION_INPUT = { input: JSON.stringify({ session_id: 'one-session' }) }

const OPENING = [
  ...both('config show', 'config show'),
  ...both('do, dry run', 'do "Fix the test" --dry-run'),
  ...both('do', 'do "Fix the flaky test" --profile debugger-debbie --wp WP01'),
  ...both('advise', 'advise "Which design?" --model model-1', AS_CLAUDE),
  ...both('ask', 'ask "Why? ghp_0123456789abcdefghijABCDEFGHIJ012345"'),
]

const EVIDENCE = '--outcome failed --evidence report.md --artifact report.md'

const CLOSING = [
  byPerson('a report is written', ({ root }) =>
    writeFileSync(join(root, 'report.md'), '# Report\n'),
  ),
  run('complete', 'ops complete {do} --outcome done'),
  // If there is no HEAD to link, the second one closes it.
  run('complete with a link, JSON', `ops complete {do, JSON} ${EVIDENCE} --commit HEAD --json`),
  run('complete without a link, JSON', `ops complete {do, JSON} ${EVIDENCE} --json`),
  run('complete again', 'ops complete {do} --outcome done'),
  run('complete with another outcome, JSON', 'ops complete {do} --outcome abandoned --json'),
  run('complete and commit', 'ops complete {advise} --outcome done --require-commit'),
  ...both('complete an unknown Op', `ops complete ${UNKNOWN_ID} --outcome done`),
  ...both('complete any', 'ops complete --outcome done'),
  run('complete a question', 'profile-invocation complete --invocation-id {ask} --outcome done'),
  run(
    'complete advice, JSON',
    'profile-invocation complete --invocation-id {advise, JSON} --outcome abandoned --json',
  ),
  run('do with a command', 'do "Run it" -- {node} -e console.log(1)'),
  run('do with a command, JSON', 'do "Run it" --json -- {node} -e process.exit(3)'),
]

const READING = [
  ...both('list', 'ops list'),
  run('list, CSV', 'ops list --csv --status closed'),
  run('list, JSON lines', 'ops list --jsonl --since 50d'),
  ...both('show', 'ops show {do}'),
  ...both('show an earlier one', 'ops show {earlier aged}'),
  ...both('timeline', 'ops timeline'),
  ...both('report', 'ops report --output page.html'),
  byPerson('the page is deleted', ({ root }) => rmSync(join(root, 'page.html'), { force: true })),
  ...both('validate', 'ops validate {records}'),
  ...both('verify', 'ops verify'),
]

const HOOKS = [
  ...both('hooks install', 'hooks install claude-code'),
  ...both('hooks session-start', 'hooks session-start', SESSION_INPUT),
  run('do in a session', 'do "Work in a session"', IN_SESSION),
  run('hooks session-end', 'hooks session-end', SESSION_INPUT),
  run('do in a session, JSON', 'do "Work in a session" --json', IN_SESSION),
  run('hooks session-end, JSON', 'hooks session-end --json', SESSION_INPUT),
  ...both('hooks remove', 'hooks remove claude-code'),
]

const lose = ({ records, earlier }) => {
  const project = join(records, '..')
  for (const { path } of [earlier.old, earlier.aged]) rmSync(join(project, path), { force: true })
}

const FIXING = [
  ...both('doctor', 'doctor ops'),
  ...both('doctor, deep', 'doctor ops --deep'),
  byPerson('two records are lost', lose),
  run('restore', 'ops restore {earlier old}'),
  run('restore all, JSON', 'ops restore --all --json'),
  byPerson('everything is staged', ({ root }) => tryGit(root, 'add', '--all')),
  byPerson('two records are lost again', lose),
  ...both('doctor, fix, dry run', 'doctor ops --fix --dry-run'),
  run('doctor, close stale, dry run', 'doctor ops --close-stale --dry-run'),
  run('doctor, close stale', 'doctor ops --close-stale'),
  run('doctor, fix', 'doctor ops --fix'),
  run('doctor, close all, JSON', 'doctor ops --close-stale --threshold 0 --fix --json'),
  ...both('reindex', 'ops reindex'),
  ...both('archive, dry run', 'ops archive --dry-run'),
  run('archive', 'ops archive'),
  run('archive all, JSON', 'ops archive --older-than 0 --json'),
  run('list at the end', 'ops list -n all'),
  run('verify at the end, JSON', 'ops verify --json'),
]

/** The steps in every state. */
export const STEPS = [...OPENING, ...CLOSING, ...READING, ...HOOKS, ...FIXING]

/** The traced steps: an opening, a completion, a sweep and an archive run. */
export const TRACED = [
  run('opening', 'do "Fix the flaky test" --json'),
  run('completion', 'ops complete {opening} --outcome done --json'),
  run('sweep', 'doctor ops --close-stale --json'),
  run('archive', 'ops archive --json'),
].map((step) => ({ ...step, traced: true }))

const SHELLS = ['bash', 'zsh', 'fish', 'powershell']
const WRONG = [
  'opps',
  'do',
  'ops list --since never',
  'ops complete --outcome maybe',
  'do x --root nowhere',
]

/** Returns the steps that do not depend on a state. `commands` are the words of every command. */
export const stepsAnywhere = (commands, { old }) => [
  run('version', '--version'),
  run('help', '--help'),
  ...commands.map((words) => run(`${words} --help`, `${words} --help`)),
  ...SHELLS.map((shell) => run(`completion ${shell}`, `completion ${shell}`)),
  ...both('schema', 'ops schema'),
  ...WRONG.flatMap((words) => both(words, words)),
  ...both('validate a valid record', 'ops validate', { input: old.text }),
  ...both('validate a torn record', 'ops validate', { input: old.text.slice(0, -9) }),
  run('list nothing', 'ops list'),
]

/** The steps with real records. */
export const STEPS_OF_CORPUS = [
  ...both('validate', 'ops validate kitty-ops'),
  ...both('list', 'ops list -n all'),
  ...both('timeline', 'ops timeline -n all'),
  ...both('doctor', 'doctor ops --deep'),
  ...both('verify', 'ops verify'),
]
