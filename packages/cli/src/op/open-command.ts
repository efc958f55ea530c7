import { MODES_OF_WORK } from '@kitty/record/vocabulary'
import type { Ops, PlannedOp, StartRequest } from '@kitty/writer'
import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../command/base-command.js'
import { UsageError } from '../command/errors.js'
import { ownCommand, type Program } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import { defaultActor } from '../project/actor.js'
import { openProject, type Project } from '../project/project.js'
import { closeContract, type Opened, openedJson, openedText, redactedNotes } from './opened.js'
import { plannedResult } from './planned.js'
import { startRequest, type Verb } from './start-request.js'

/** What an Op can be opened with. */
const OPENING_FLAGS = {
  profile: string({
    summary: 'Who is asked. Default: SPEC_KITTY_PROFILE, then "generic".',
    helpValue: 'PROFILE',
  }),
  action: string({ summary: 'What is asked for. Default: the command.', helpValue: 'ACTION' }),
  actor: string({
    summary:
      'Who is at work. Default: SPEC_KITTY_ACTOR, then the agent that runs this, then ops.actor.',
    helpValue: 'ACTOR',
  }),
  mode: option({ options: MODES_OF_WORK, summary: 'The mode of work. Default: by the command.' })(),
  mission: string({ summary: 'The mission. Default: SPEC_KITTY_MISSION.', helpValue: 'ULID' }),
  wp: string({ summary: 'The work package. Default: SPEC_KITTY_WP.', helpValue: 'WP' }),
  model: string({ summary: 'The model at work.', helpValue: 'MODEL' }),
  governance: string({
    summary: 'A file with the governance context; only its hash is recorded.',
    helpValue: 'FILE',
  }),
  'request-file': string({
    summary: 'Take the request from a file, or from standard input for -.',
    helpValue: 'FILE',
  }),
  'no-redact': boolean({ summary: 'Record secrets in the request as they are.' }),
  'dry-run': boolean({ summary: 'Write and run nothing; say what would be recorded and run.' }),
  'link-commits': boolean({ summary: 'With COMMAND: link the commits that are made meanwhile.' }),
  'require-commit': boolean({
    summary: 'With COMMAND: exit 1 where it succeeded and its Op was not committed.',
  }),
}

/** What is asked. */
const OPENING_ARGS = {
  REQUEST: stringArg({ ignoreStdin: true, description: 'What is asked, in quotes.' }),
}

const noCommand = (): UsageError =>
  new UsageError('ARGUMENT_MISSING', 'There is no command after --', {
    hint: 'Give the command to run, or leave out the --.',
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

const plan = async (project: Project, request: StartRequest): Promise<PlannedOp> =>
  (await project.open('opening')).plan(request)

const openedResult = (opened: Opened): CommandResult => ({
  json: { ...openedJson(opened, 'open'), close_contract: closeContract(opened) },
  text: (style) => openedText(opened, style),
  notes: redactedNotes(opened.op),
})

/** Opens an Op, alone or around a command: what `ask`, `advise` and `do` have in common. */
export abstract class OpeningCommand extends BaseCommand {
  static override flags = OPENING_FLAGS
  static override args = OPENING_ARGS

  protected abstract readonly verb: Verb
  #commandStatus = 0

  protected override async execute(): Promise<CommandResult> {
    const { command, parsed } = await this.#understand()
    const { args, flags } = parsed
    const project = await openProject(this.io, flags)
    const who = (named: string | undefined) => defaultActor(named, project)
    const asker = { environment: project.environment, io: this.io, who }
    const request = await startRequest(args.REQUEST, flags, this.verb, asker)
    const program = this.outputMode
    if (flags['dry-run']) return plannedResult(await plan(project, request), command)
    const ops = await project.open(command ? 'closing' : 'opening', command !== undefined)
    const open = async () => ({ op: await ops.start(request), mode: request.mode_of_work, program })
    if (command === undefined) return openedResult(await open())
    return this.#around(ops, command, open, flags)
  }

  async #around(
    ops: Ops,
    command: readonly string[],
    open: () => Promise<Opened>,
    flags: { json: boolean; 'require-commit': boolean; 'link-commits': boolean },
  ): Promise<CommandResult> {
    const { runUnderOp } = await import('./run-under-op.js')
    return runUnderOp(ops, {
      command,
      io: this.io,
      json: flags.json,
      requireCommit: flags['require-commit'],
      linkCommits: flags['link-commits'],
      program: this.outputMode,
      open,
      onEnd: (status) => {
        this.#commandStatus = status
      },
    })
  }

  /** What the command did counts for more than what went wrong with its Op. */
  protected override failed(status: number): number {
    return this.#commandStatus === 0 ? status : this.#commandStatus
  }

  async #understand() {
    const dashes = this.argv.indexOf('--')
    const command = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    if (command?.length === 0) throw noCommand()
    const own = dashes === -1 ? this.argv : this.argv.slice(0, dashes)
    const parsed = await this.parse(OpeningCommand, own)
    if (command === undefined) refuseWithoutCommand(parsed.flags, this.outputMode)
    return { command, parsed }
  }
}
