// What is done in every state, in this order: each command as text and as JSON, and what people do in between.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryGit } from '../lib/repository.mjs'

/** An id that no Op has. */
const NOBODYS = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'
const SESSION = { SPEC_KITTY_SESSION: 'one-session' }
const HOOK_INPUT = JSON.stringify({ session_id: 'one-session' })

/**
 * A step that runs the command line. `args` are its words; a function gets `op`, which gives the id that an earlier
 * step printed, and the Ops from earlier, `earlier`.
 */
const run = (name, args, more = {}) => ({ name, args, ...more })

/** The same words as text and as JSON. */
const both = (name, args, more) => [
  run(name, args, more),
  run(
    `${name}, JSON`,
    (scene) => [...(args instanceof Function ? args(scene) : args), '--json'],
    more,
  ),
]

/** A step of a person. */
const hand = (name, by) => ({ name, by })

const complete = (name, step, ...flags) =>
  run(name, ({ op }) => ['ops', 'complete', op(step), ...flags])

const OPENING = [
  ...both('config show', ['config', 'show']),
  ...both('do, dry run', ['do', 'Mend the test', '--dry-run']),
  ...both('do', ['do', 'Mend the flaky test', '--profile', 'debugger-debbie', '--wp', 'WP01']),
  ...both('advise', ['advise', 'Which design?', '--model', 'model-1'], {
    env: { CLAUDECODE: '1' },
  }),
  ...both('ask', ['ask', 'Why? ghp_0123456789abcdefghijABCDEFGHIJ012345']),
]

const CLOSING = [
  hand('a report is written', ({ root }) => writeFileSync(join(root, 'report.md'), '# Report\n')),
  complete('complete', 'do', '--outcome', 'done'),
  complete(
    'complete with links, JSON',
    'do, JSON',
    '--outcome',
    'failed',
    '--evidence',
    'report.md',
    '--artifact',
    'report.md',
    '--commit',
    'HEAD',
    '--json',
  ),
  complete(
    'complete without a commit, JSON',
    'do, JSON',
    '--outcome',
    'failed',
    '--evidence',
    'report.md',
    '--json',
  ),
  complete('complete once more', 'do', '--outcome', 'done'),
  complete('complete otherwise, JSON', 'do', '--outcome', 'abandoned', '--json'),
  complete('complete, to be committed', 'advise', '--outcome', 'done', '--require-commit'),
  ...both('complete nobody', ['ops', 'complete', NOBODYS, '--outcome', 'done']),
  ...both('complete any', ['ops', 'complete', '--outcome', 'done']),
  run('profile-invocation complete', ({ op }) => [
    'profile-invocation',
    'complete',
    '--invocation-id',
    op('ask'),
    '--outcome',
    'abandoned',
  ]),
  run('profile-invocation complete, JSON', ({ op }) => [
    'profile-invocation',
    'complete',
    '--invocation-id',
    op('advise, JSON'),
    '--outcome',
    'done',
    '--json',
  ]),
  ...both('do with a command', [
    'do',
    'Run it',
    '--',
    process.execPath,
    '-e',
    'console.log(1)',
  ]).slice(0, 1),
  run('do with a command that fails, JSON', [
    'do',
    'Run it',
    '--json',
    '--',
    process.execPath,
    '-e',
    'process.exit(3)',
  ]),
]

const READING = [
  ...both('list', ['ops', 'list']),
  run('list, CSV', ['ops', 'list', '--csv', '--status', 'closed']),
  run('list, JSON lines', ['ops', 'list', '--jsonl', '--since', '50d']),
  ...both('show', ({ op }) => ['ops', 'show', op('do')]),
  ...both('show an earlier one', ({ earlier }) => ['ops', 'show', earlier.aged.id]),
  ...both('timeline', ['ops', 'timeline']),
  ...both('report', ['ops', 'report', '--output', 'page.html']),
  hand('the page is deleted', ({ root }) => rmSync(join(root, 'page.html'), { force: true })),
  ...both('validate', ({ records }) => ['ops', 'validate', records]),
  ...both('verify', ['ops', 'verify']),
]

const HOOKS = [
  ...both('hooks install', ['hooks', 'install', 'claude-code']),
  ...both('hooks session-start', ['hooks', 'session-start'], { input: HOOK_INPUT }),
  run('do in a session', ['do', 'Work in a session'], { env: SESSION }),
  run('hooks session-end', ['hooks', 'session-end'], { input: HOOK_INPUT }),
  run('do in a session, JSON', ['do', 'Work in a session', '--json'], { env: SESSION }),
  run('hooks session-end, JSON', ['hooks', 'session-end', '--json'], { input: HOOK_INPUT }),
  ...both('hooks remove', ['hooks', 'remove', 'claude-code']),
]

const lose = ({ records, earlier }) => {
  for (const { path } of [earlier.old, earlier.aged])
    rmSync(join(records, '..', path), { force: true })
}

const MENDING = [
  ...both('doctor', ['doctor', 'ops']),
  ...both('doctor, deep', ['doctor', 'ops', '--deep']),
  hand('two records are lost', lose),
  run('restore', ({ earlier }) => ['ops', 'restore', earlier.old.id]),
  run('restore all, JSON', ['ops', 'restore', '--all', '--json']),
  hand('everything is staged', ({ root }) => tryGit(root, 'add', '--all')),
  hand('two records are lost again', lose),
  ...both('doctor, fix, dry run', ['doctor', 'ops', '--fix', '--dry-run']),
  run('doctor, close stale, dry run', ['doctor', 'ops', '--close-stale', '--dry-run']),
  run('doctor, close stale', ['doctor', 'ops', '--close-stale']),
  run('doctor, fix', ['doctor', 'ops', '--fix']),
  run('doctor, close all, fix, JSON', [
    'doctor',
    'ops',
    '--close-stale',
    '--threshold',
    '0',
    '--fix',
    '--json',
  ]),
  ...both('reindex', ['ops', 'reindex']),
  ...both('archive, dry run', ['ops', 'archive', '--dry-run']),
  run('archive', ['ops', 'archive']),
  run('archive all, JSON', ['ops', 'archive', '--older-than', '0', '--json']),
  run('list in the end', ['ops', 'list', '-n', 'all']),
  run('verify in the end, JSON', ['ops', 'verify', '--json']),
]

/** The steps in a state. */
export const STEPS = [...OPENING, ...CLOSING, ...READING, ...HOOKS, ...MENDING]

/** What is traced: an opening, a completion, a sweep and an archive. */
export const TRACED = [
  run('opening', ['do', 'Mend the flaky test', '--json']),
  complete('completion', 'opening', '--outcome', 'done', '--json'),
  run('sweep', ['doctor', 'ops', '--close-stale', '--json']),
  run('archive', ['ops', 'archive', '--json']),
].map((step) => ({ ...step, traced: true }))

const SHELLS = ['bash', 'zsh', 'fish', 'powershell']
const WRONG = [
  ['opps'],
  ['do'],
  ['ops', 'list', '--since', 'never'],
  ['ops', 'complete', '--outcome', 'maybe'],
  ['do', 'x', '--root', 'nowhere'],
]

/** What depends on no state. `commands` are the words of every command. */
export const stepsAnywhere = (commands) => [
  run('version', ['--version']),
  run('help', ['--help']),
  ...commands.map((words) => run(`${words.join(' ')} --help`, [...words, '--help'])),
  ...SHELLS.map((shell) => run(`completion ${shell}`, ['completion', shell])),
  ...both('schema', ['ops', 'schema']),
  ...WRONG.flatMap((words) => both(words.join(' '), words)),
  ...both('validate a sound record', ['ops', 'validate'], {
    input: ({ earlier }) => earlier.old.text,
  }),
  ...both('validate a torn record', ['ops', 'validate'], {
    input: ({ earlier }) => earlier.old.text.slice(0, -9),
  }),
  run('list nothing', ['ops', 'list']),
]

/** What is done with real records. */
export const stepsOfCorpus = [
  ...both('validate', ['ops', 'validate', 'kitty-ops']),
  ...both('list', ['ops', 'list', '-n', 'all']),
  ...both('timeline', ['ops', 'timeline', '-n', 'all']),
  ...both('doctor', ['doctor', 'ops', '--deep']),
  ...both('verify', ['ops', 'verify']),
]
