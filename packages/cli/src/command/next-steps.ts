import type { Finding, NextStep } from '@kitty/doctor'
import { OPS_DIR, shellWord } from '@kitty/writer/internals'
import type { FindingJson } from '../json/shared.js'
import { OUTCOME_TO_TYPE } from './closing-words.js'
import { gitCommand, ownCommand, type Program, validateCommand } from './program.js'
import { commandLine } from './shell-word.js'

type Render = (step: NextStep, program: Program) => string

/** Renders a command of this program. */
const own =
  (command: string, flags?: string): Render =>
  ({ id }, program) =>
    ownCommand(program, command, {
      ...(id !== undefined && { operand: id }),
      ...(flags !== undefined && { flags }),
    })

/** Renders a git command. */
const git =
  (argsOf: (step: Required<Pick<NextStep, 'path' | 'sha' | 'to'>>) => readonly string[]): Render =>
  ({ path = '', sha = '', to = '' }, program) =>
    gitCommand(program, commandLine(argsOf({ path, sha, to })))

const onPath = (...args: readonly string[]): Render => git(({ path }) => [...args, '--', path])

const closeWith: Render = (step, program) => {
  const [first, ...others] = step.outcomes ?? []
  const choice =
    first === undefined ? OUTCOME_TO_TYPE : `--outcome ${first}   [or ${others.join(', ')}]`
  return own('ops complete', choice)(step, program)
}

/** The one table of the commands for what a finding recommends. */
const COMMANDS: Readonly<Record<NextStep['verb'], Render>> = {
  abandon: own('ops complete', '--outcome abandoned'),
  archive: own('ops archive'),
  'archive-old': own('ops archive', '--keep 1000'),
  close: closeWith,
  'close-stale': own('doctor ops', '--close-stale'),
  'doctor-there': ({ path }, program) => ownCommand({ ...program, root: path }, 'doctor ops'),
  fix: own('doctor ops', '--fix'),
  'fix-check': (step, program) => own('doctor ops', `--fix --check ${step.path}`)(step, program),
  'fix-deep': own('doctor ops', '--deep --fix'),
  'hooks-install': ({ path = '', to = '' }, program) =>
    ownCommand(program, 'hooks install', { operand: `${path}${to}` }),
  reindex: own('ops reindex'),
  restore: own('ops restore'),
  'restore-all': own('ops restore', '--all'),
  // Its "doctor ops" is a command of ours, too: so it is named by its path, if it is there.
  'upstream-close-stale': (_, { upstream = 'spec-kitty' }) =>
    `${shellWord(upstream)} doctor ops --close-stale`,
  validate: ({ path = '' }, program) => validateCommand(program, path),
  'verify-there': ({ path }, program) => ownCommand({ ...program, root: path }, 'ops verify'),
  'verify-since': (step, program) => own('ops verify', `--since ${step.sha}`)(step, program),
  'git-add': onPath('add'),
  'git-check-ignore': onPath('check-ignore', '-v'),
  'git-checkout': onPath('checkout', 'HEAD'),
  'git-checkout-index': onPath('checkout'),
  'git-checkout-ours': onPath('checkout', '--ours'),
  'git-checkout-theirs': onPath('checkout', '--theirs'),
  'git-commit': git(({ path, to }) => ['commit', '--', path, ...(to === '' ? [] : [to])]),
  'git-config-add': git(({ path, to }) => ['config', '--add', path, to]),
  'git-config-edit': git(() => ['config', '--edit']),
  'git-delete-ref': git(({ path }) => ['update-ref', '-d', path]),
  'git-diff': onPath('diff', 'HEAD'),
  'git-diff-blobs': git(({ sha, to }) => ['diff', sha, to]),
  'git-diff-files': git(({ path, to }) => ['diff', '--no-index', '--', path, to]),
  'git-diff-staged': onPath('diff', '--cached'),
  'git-fetch': git(({ path, to }) => ['fetch', path, to]),
  'git-fsck': git(() => ['fsck']),
  'git-log': onPath('log', '-p'),
  'git-log-deletions': onPath('log', '-m', '--diff-filter=D', '--name-only'),
  'git-move': git(({ path, to }) => ['mv', '--', path, to]),
  'git-rebase': ({ sha }, program) =>
    gitCommand(program, `rebase -i ${sha === undefined ? '--root' : `${sha}~1`}`),
  'git-refetch': git(() => ['fetch', '--refetch', '--no-filter']),
  'git-reflog': git(({ path }) => ['reflog', 'show', path]),
  'git-remove': onPath('rm', '-f'),
  'git-restore-staged': onPath('restore', '--staged'),
  'git-show': git(({ sha, path }) => ['show', `${sha}:./${path}`]),
  'git-show-object': git(({ sha }) => ['show', sha]),
  'git-sparse-add': git(() => ['sparse-checkout', 'add', OPS_DIR]),
  'git-stage-blob': git(({ sha, path }) => [
    'update-index',
    '--cacheinfo',
    `100644,${sha},${path}`,
  ]),
  'git-status': git(() => ['status']),
  'git-switch': git(({ to }) => ['switch', to]),
  'git-switch-create': git(() => ['switch', '--create', 'my-branch']),
  'git-unshallow': git(() => ['fetch', '--unshallow']),
  'git-untrack': onPath('rm', '--cached'),
  'git-update-ref': git(({ path, sha }) => ['update-ref', path, sha]),
}

/** The program with the root of a finding, if it is about another one. */
const commandsIn = (program: Program, root: string | undefined): Program =>
  root === undefined ? program : { ...program, root }

/** Replaces the steps of a finding with their commands, which work from any folder if a root was named. */
export const withCommands =
  (program: Program) =>
  ({ next, ...finding }: Finding): FindingJson => ({
    ...finding,
    commands: next.map((step) => COMMANDS[step.verb](step, commandsIn(program, finding.root))),
  })
