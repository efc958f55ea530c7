import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'

const MODES = ['task_execution', 'advisory', 'mission_step', 'query'] as const

/** What an Op can be opened with. */
export const OPENING_FLAGS = {
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
  mode: option({ options: MODES, summary: 'The mode of work. Default: by the command.' })(),
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
export const OPENING_ARGS = {
  REQUEST: stringArg({ ignoreStdin: true, description: 'What is asked, in quotes.' }),
}
