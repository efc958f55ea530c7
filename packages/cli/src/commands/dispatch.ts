import type { KittyError } from '@kitty/record'
import { OUTCOMES } from '@kitty/record/vocabulary'
import type { PlannedOp, StartedOp } from '@kitty/writer'
import { string as stringArg } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { inProject, ownCommand, type Program } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import type { DispatchedJson, DispatchFailedJson } from '../json/upstream.js'
import { OPENING_FLAGS } from '../op/open-command.js'
import { governanceJson, openedText, redactedNotes } from '../op/opened.js'
import { plannedText } from '../op/planned.js'
import { startRequest } from '../op/start-request.js'
import { defaultActor } from '../project/actor.js'
import { openProject } from '../project/project.js'
import { verbOf } from '../upstream/request-verb.js'
import { UpstreamCommand } from '../upstream/upstream-command.js'

const MODE = 'task_execution'

/** The action of a request without a plain verb. */
const VERB = { name: 'do', mode: MODE } as const

const ONLY_KNOWN_UPSTREAM = {
  profile_friendly_name: null,
  governance_context_text: null,
  router_confidence: null,
  glossary_observations: [],
  recommendation: null,
  empty_charter_fallback: null,
} as const

const dispatchedJson = (op: PlannedOp | StartedOp, program: Program): DispatchedJson => {
  const opened = 'id' in op ? op : undefined
  const id = opened?.id ?? 'ID'
  return {
    invocation_id: opened?.id ?? null,
    profile_id: op.event.profile_id,
    action: op.event.action,
    ...governanceJson(op.event),
    ...ONLY_KNOWN_UPSTREAM,
    status: opened ? 'open' : null,
    close_contract: {
      command: ownCommand(program, 'profile-invocation complete', {
        flags: `--invocation-id ${id}`,
      }),
      outcomes: OUTCOMES,
      evidence_flag: '--evidence',
      artifact_flag: '--artifact',
      commit_flag: '--commit',
    },
    ...(opened ? { path: opened.path } : { dry_run: true }),
  }
}

export class Dispatch extends UpstreamCommand {
  static override description = `\
The same as "do" without a COMMAND, in the form of the Python spec-kitty: its flags, its JSON, and errors of --json
on standard error. What only that program knows is null there. The action is the verb that the request begins with,
if that is plain; otherwise it is "do".`
  static override usage = '<%= command.id %> REQUEST [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Review the diff" --profile reviewer-renata --json',
  ]
  static override flags = {
    profile: string({
      char: 'p',
      summary:
        'The agent profile that is asked to do it. Default: SPEC_KITTY_PROFILE, then "generic".',
      helpValue: 'PROFILE',
    }),
    action: string({
      summary: 'The kind of work. Default: the verb of the request.',
      helpValue: 'ACTION',
    }),
    actor: OPENING_FLAGS.actor,
    mission: OPENING_FLAGS.mission,
    wp: OPENING_FLAGS.wp,
    model: OPENING_FLAGS.model,
    'request-file': OPENING_FLAGS['request-file'],
    'no-redact': OPENING_FLAGS['no-redact'],
    'dry-run': boolean({ summary: 'Show what would be recorded. Write nothing.' }),
  }
  static override args = {
    REQUEST: stringArg({ ignoreStdin: true, description: 'What should be done, in quotes.' }),
  }

  protected override async execute(): Promise<CommandResult<DispatchedJson>> {
    const { args, flags } = await this.parse(Dispatch)
    const project = await openProject(this.io, flags)
    const who = (named: string | undefined) => defaultActor(named, project)
    const asker = { environment: project.environment, io: this.io, who }
    const asked = await startRequest(args.REQUEST, flags, VERB, asker)
    const action = flags.action ?? verbOf(asked.request_text) ?? VERB.name
    const request = { ...asked, action }
    const program = inProject(this.outputMode, project.root, this.io.cwd)
    const ops = await project.open('opening')
    if (flags['dry-run']) {
      const op = await ops.plan(request)
      const text = plannedText(op.event, undefined)
      return { json: dispatchedJson(op, program), text, notes: redactedNotes(op) }
    }
    const op = await ops.start(request)
    const opened = { op, mode: MODE, program } as const
    return {
      json: dispatchedJson(op, program),
      text: (style) => openedText(opened, style),
      notes: redactedNotes(op),
    }
  }

  protected override errorJson(
    { code, message }: KittyError,
    suggestion: string,
  ): DispatchFailedJson {
    return { error: 'routing_failed', error_code: code, message, candidates: [], suggestion }
  }
}
