import { KittyError, type OpEvent } from '@kitty/record'
import { string } from '@oclif/core/flags'
import type { CommandResult } from '../../command/result.js'
import { AmbiguousOpError } from '../../find/candidates.js'
import { ID_DESCRIPTION } from '../../find/last-op.js'
import type { CompleteFailedJson, InvocationClosedJson } from '../../json/upstream.js'
import {
  type ClosingFlags,
  closeResult,
  closeWith,
  closingOf,
  type DoneClose,
} from '../../op/close-op.js'
import { CLOSING_FLAGS } from '../../op/closing-flags.js'
import { givenEvidence } from '../../upstream/given-evidence.js'
import { UpstreamCommand } from '../../upstream/upstream-command.js'

/** What the Python spec-kitty calls a linked artifact. */
const KIND = 'artifact'

/** Reads the flags as the Python spec-kitty does: evidence can be text or any file, and a linked file is an artifact. */
const upstreamClosingOf: typeof closingOf = async ({ evidence, ...flags }, cwd, root) => {
  const { closing, warnings } = await closingOf(flags, cwd, root)
  const artifacts = closing.artifacts?.map((artifact) =>
    typeof artifact === 'string' ? { kind: KIND, ref: artifact } : artifact,
  )
  return {
    closing: {
      ...closing,
      ...(artifacts && { artifacts }),
      ...(evidence !== undefined && { evidence: givenEvidence(evidence, cwd, root) }),
    },
    warnings,
  }
}

const linksIn = (events: readonly OpEvent[]) => ({
  artifact_links: events.flatMap((each) => (each.event === 'artifact_link' ? [each.ref] : [])),
  commit_link:
    events.flatMap((each) => (each.event === 'commit_link' ? [each.sha] : []))[0] ?? null,
})

const invocationResult = (
  done: DoneClose,
  flags: ClosingFlags,
): CommandResult<InvocationClosedJson> => {
  const { record } = done.closed
  const result = closeResult(done, flags)
  const evidence_ref = record.completed.evidence_ref ?? null
  return { ...result, json: { ...result.json, evidence_ref, ...linksIn(record.events) } }
}

const alreadyClosed = ({ closed: { id, path } }: DoneClose): KittyError =>
  new KittyError('ALREADY_CLOSED', `The Op is already closed: ${path}`, {
    hint: 'Open a new Op for further work. A closed record never changes.',
    about: { id, path },
  })

export class ProfileInvocationComplete extends UpstreamCommand {
  static override description = `\
The same as "ops complete", whose help says more, in the form of the Python spec-kitty: its flags, its JSON, and errors
on standard error with --json. Evidence can also be text, or a file outside the project; both are copied into it. An Op
that is closed already is an error, also if it was closed in the same way.`
  static override usage = '<%= command.id %> -i ID --outcome OUTCOME [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> -i 01K6ZP4W --outcome done',
    '<%= config.bin %> <%= command.id %> -i 01K6ZP4W --outcome done --json',
  ]
  static override flags = {
    'invocation-id': string({
      char: 'i',
      summary: `${ID_DESCRIPTION} Default: your only open Op.`,
      helpValue: 'ID',
    }),
    ...CLOSING_FLAGS,
    evidence: string({
      summary: 'A URL, or a file or text that is copied and committed with the Op.',
      helpValue: 'FILE',
    }),
  }

  protected override async execute(): Promise<CommandResult<InvocationClosedJson>> {
    const { flags } = await this.parse(ProfileInvocationComplete)
    const where = { io: this.io, program: this.outputMode }
    const done = await closeWith(flags['invocation-id'], flags, where, upstreamClosingOf)
    if (done.closed.already) throw alreadyClosed(done)
    return invocationResult(done, flags)
  }

  /** Evidence for an Op that cannot have any is wrong usage there. */
  protected override statusFor({ code }: KittyError): number {
    return code === 'EVIDENCE_NOT_ALLOWED' ? 2 : 1
  }

  protected override errorJson(error: KittyError, hint: string): CompleteFailedJson {
    const { code, message, about } = error
    const ids = error instanceof AmbiguousOpError ? error.ids : []
    const suggestion = [hint, ids.join(', ')].filter(Boolean).join(' ')
    return code === 'ALREADY_CLOSED' && about.id !== undefined
      ? { error: 'already_closed', invocation_id: about.id, message }
      : { error: 'complete_failed', error_code: code, message, suggestion }
  }
}
