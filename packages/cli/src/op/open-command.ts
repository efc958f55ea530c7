import { MODES_OF_WORK, type ModeOfWork } from '@kitty/record/vocabulary'
import type { Ops, StartRequest } from '@kitty/writer'
import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../command/base-command.js'
import { UsageError } from '../command/errors.js'
import { inProject, ownCommand, type Program } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import type { OpenedJson, PlannedJson, RanJson } from '../json/work.js'
import { defaultActor } from '../project/actor.js'
import {
  type OpenedFor,
  openProject,
  type Project,
  requireCurrentFolder,
} from '../project/project.js'
import { closeContract, type Opened, openedJson, openedText, redactedNotes } from './opened.js'
import { plannedResult } from './planned.js'
import { startRequest, type Verb } from './start-request.js'

/** The flags that open an Op. */
export const OPENING_FLAGS = {
  profile: string({
    summary:
      'The agent profile that is asked to do it. Default: SPEC_KITTY_PROFILE, then "generic".',
    helpValue: 'PROFILE',
  }),
  action: string({
    summary: 'The kind of work. Default: the name of the command.',
    helpValue: 'ACTION',
  }),
  actor: string({
    summary:
      'Who does the work. Default: SPEC_KITTY_ACTOR, then the agent that runs this command, then ops.actor.',
    helpValue: 'ACTOR',
  }),
  mode: option({
    options: MODES_OF_WORK,
    summary: 'The mode of work. Default: depends on the command.',
  })(),
  mission: string({ summary: 'The mission. Default: SPEC_KITTY_MISSION.', helpValue: 'ULID' }),
  wp: string({ summary: 'The work package. Default: SPEC_KITTY_WP.', helpValue: 'WP' }),
  model: string({ summary: 'The language model that does the work.', helpValue: 'MODEL' }),
  governance: string({
    summary: 'A file with the governance context. Only its hash is recorded.',
    helpValue: 'FILE',
  }),
  session: string({
    summary:
      'The session, or the key of a sub-agent, that the Op belongs to. Default: SPEC_KITTY_SESSION, then the session of the agent.',
    helpValue: 'KEY',
  }),
  'request-file': string({
    summary: 'Read the request from FILE; - is standard input.',
    helpValue: 'FILE',
  }),
  'no-redact': boolean({ summary: 'Record secrets in the request unchanged.' }),
  'dry-run': boolean({ summary: 'Show what would be recorded and run. Write and run nothing.' }),
  'link-commits': boolean({
    summary:
      'With COMMAND: link the commits made since the Op was opened. Default: ops.link_commits.',
  }),
  'require-commit': boolean({
    summary: 'With COMMAND: exit with 1 if it succeeds but its Op is not committed.',
  }),
}

/** The request. */
const OPENING_ARGS = {
  REQUEST: stringArg({ ignoreStdin: true, description: 'What should be done, in quotes.' }),
}

const noCommand = (): UsageError =>
  new UsageError('ARGUMENT_MISSING', 'Missing COMMAND after --', {
    hint: 'Add the command to run, or leave out the --.',
  })

const NEED_COMMAND = ['link-commits', 'require-commit'] as const

const refuseWithoutCommand = (
  flags: Record<(typeof NEED_COMMAND)[number], boolean>,
  program: Program,
): void => {
  const idle = NEED_COMMAND.find((name) => flags[name])
  if (idle === undefined) return
  const example = ownCommand(program, 'do', { flags: '"Run the tests" -- npm test' })
  throw new UsageError('USAGE', `--${idle} needs a COMMAND to run.`, {
    hint: `Put it after --, as in: ${example}`,
  })
}

const plan = async (
  project: Project,
  request: StartRequest & { readonly mode_of_work: ModeOfWork },
) => ({
  ...(await (await project.open('opening')).plan(request)),
  mode: request.mode_of_work,
})

const SESSION = /^[\w.:-]{1,450}$/

const openedFor = (session: string | undefined): OpenedFor | undefined => {
  if (session === undefined) return undefined
  if (SESSION.test(session)) return { session }
  throw new UsageError('USAGE', '--session: not a session.', {
    hint: 'Use letters, digits and . : _ - only.',
  })
}

const openedResult = (opened: Opened): CommandResult<OpenedJson> => ({
  json: { ...openedJson(opened, 'open'), close_contract: closeContract(opened) },
  text: (style) => openedText(opened, style),
  notes: redactedNotes(opened.op),
})

/** The hint for a command whose folder is gone: another root would not help. */
const RUNS_HERE = 'Change to a folder that exists: the command runs in the current one.'

/** The common part of `ask`, `advise` and `do`: opens an Op, and runs a command under it if one is given. */
export abstract class OpeningCommand extends BaseCommand {
  static override flags = OPENING_FLAGS
  static override args = OPENING_ARGS

  protected abstract readonly verb: Verb
  #commandStatus = 0

  protected override async execute(): Promise<CommandResult<OpenedJson | RanJson | PlannedJson>> {
    const { command, parsed } = await this.#parseArguments()
    const { args, flags } = parsed
    const project = await openProject(this.io, flags, openedFor(flags.session))
    // The command would not start there.
    if (command !== undefined) await requireCurrentFolder(this.io, RUNS_HERE)
    const who = (named: string | undefined) => defaultActor(named, project)
    const asker = { environment: project.environment, io: this.io, who }
    const request = await startRequest(args.REQUEST, flags, this.verb, asker)
    const program = inProject(this.outputMode, project.root, this.io.cwd)
    if (flags['dry-run']) return plannedResult(await plan(project, request), command)
    const ops = await project.open(command ? 'closing' : 'opening', command !== undefined)
    const open = async () => ({ op: await ops.start(request), mode: request.mode_of_work, program })
    if (command === undefined) return openedResult(await open())
    const linkCommits = flags['link-commits'] || (await project.settings()).linkCommits
    return this.#around(ops, command, { open, program }, { ...flags, linkCommits })
  }

  async #around(
    ops: Ops,
    command: readonly string[],
    { open, program }: { readonly open: () => Promise<Opened>; readonly program: Program },
    flags: { json: boolean; 'require-commit': boolean; linkCommits: boolean },
  ): Promise<CommandResult<RanJson>> {
    const { runUnderOp } = await import('./run-under-op.js')
    return runUnderOp(ops, {
      command,
      io: this.io,
      json: flags.json,
      requireCommit: flags['require-commit'],
      linkCommits: flags.linkCommits,
      program,
      open,
      onEnd: (status) => {
        this.#commandStatus = status
      },
    })
  }

  /** The exit status of the command has precedence over that of its Op. */
  protected override failed(status: number): number {
    return this.#commandStatus === 0 ? status : this.#commandStatus
  }

  async #parseArguments() {
    const dashes = this.argv.indexOf('--')
    const command = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    if (command?.length === 0) throw noCommand()
    const own = dashes === -1 ? this.argv : this.argv.slice(0, dashes)
    const parsed = await this.parse(OpeningCommand, own)
    if (command === undefined) refuseWithoutCommand(parsed.flags, this.outputMode)
    return { command, parsed }
  }
}
