import type * as z from 'zod'
import { LIST, REPORT, SCHEMA, SHOW, TIMELINE, VALIDATE } from './records.js'
import { ARCHIVE, DOCTOR, REINDEX, RESTORE, SYNC, UNTRACK_INDEX, VERIFY } from './repository.js'
import {
  AGENT_INSTRUCTIONS,
  CAPTURED,
  COMMAND_HELP,
  COMPLETION,
  CONFIG,
  HOOKS_CHANGED,
  HOOKS_STATUS,
  NOTHING,
  PROGRAM_HELP,
  SESSION_END,
  SESSION_START,
  STOP_HELD,
  SUBAGENT,
  TOPIC_HELP,
  UNINSTALL,
  VERSION,
} from './setup.js'
import { ERROR } from './shared.js'
import {
  ALREADY_CLOSED,
  COMPLETE_FAILED,
  DISPATCH_FAILED,
  DISPATCHED,
  INVOCATION_CLOSED,
  INVOCATIONS,
} from './upstream.js'
import { WHY } from './why.js'
import { CLOSED, OPENED, PLANNED, RAN } from './work.js'

/** A document that a command can print. */
export type JsonOutput = {
  /** When it prints this one; `undefined` if it prints no other. */
  readonly when?: string
  readonly schema: z.ZodType
}

const OPENING: readonly JsonOutput[] = [
  { when: 'Without COMMAND', schema: OPENED },
  { when: 'With COMMAND, after it has ended', schema: RAN },
  { when: 'With `--dry-run`', schema: PLANNED },
]

/** The documents that each command prints with `--json`, by its name. */
export const OUTPUTS: Readonly<Record<string, readonly JsonOutput[]>> = {
  do: OPENING,
  advise: OPENING,
  ask: OPENING,
  'ops complete': [{ schema: CLOSED }],
  dispatch: [
    { when: 'By default', schema: DISPATCHED },
    { when: 'If it fails, on standard error', schema: DISPATCH_FAILED },
  ],
  'profile-invocation complete': [
    { when: 'By default', schema: INVOCATION_CLOSED },
    { when: 'If the Op is closed already, on standard error', schema: ALREADY_CLOSED },
    { when: 'If it fails otherwise, on standard error', schema: COMPLETE_FAILED },
  ],
  'ops list': [{ schema: LIST }],
  'invocations list': [{ schema: INVOCATIONS }],
  'ops show': [{ schema: SHOW }],
  'ops why': [{ schema: WHY }],
  'ops timeline': [{ schema: TIMELINE }],
  'ops report': [{ schema: REPORT }],
  'ops validate': [{ schema: VALIDATE }],
  'ops schema': [{ schema: SCHEMA }],
  'doctor ops': [{ schema: DOCTOR }],
  'ops verify': [{ schema: VERIFY }],
  'ops sync': [{ schema: SYNC }],
  'ops restore': [{ schema: RESTORE }],
  'ops reindex': [
    { when: 'By default', schema: REINDEX },
    { when: 'With `--untrack`', schema: UNTRACK_INDEX },
  ],
  'ops archive': [{ schema: ARCHIVE }],
  'config show': [{ schema: CONFIG }],
  'hooks install': [{ schema: HOOKS_CHANGED }],
  'hooks remove': [{ schema: HOOKS_CHANGED }],
  'hooks status': [{ schema: HOOKS_STATUS }],
  agents: [{ schema: AGENT_INSTRUCTIONS }],
  completion: [{ schema: COMPLETION }],
  uninstall: [{ schema: UNINSTALL }],
  'hooks session-start': [
    { when: 'If Ops are open, or the project has none', schema: SESSION_START },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'hooks prompt': [
    { when: 'If the prompt is captured', schema: CAPTURED },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'hooks subagent-start': [
    { when: 'If the session is known', schema: SUBAGENT },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'hooks subagent-stop': [
    { when: 'If the sub-agent is held', schema: STOP_HELD },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'hooks stop': [
    { when: 'If the turn is held', schema: STOP_HELD },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'hooks session-end': [
    { when: 'If Ops were marked', schema: SESSION_END },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'session-start': [
    { when: 'If Ops are open, or the project has none', schema: SESSION_START },
    { when: 'Otherwise', schema: NOTHING },
  ],
  'session-stop': [{ when: 'Always', schema: NOTHING }],
}

/** The documents that `--help --json` prints. */
export const HELP: readonly JsonOutput[] = [
  { when: 'For the program', schema: PROGRAM_HELP },
  { when: 'For a topic, such as `ops`', schema: TOPIC_HELP },
  { when: 'For a command', schema: COMMAND_HELP },
]

/** The document that `--version --json` prints. */
export const VERSION_OUTPUT: readonly JsonOutput[] = [{ schema: VERSION }]

/** The document that every command prints if it fails. */
export const ERROR_OUTPUT: readonly JsonOutput[] = [{ schema: ERROR }]
