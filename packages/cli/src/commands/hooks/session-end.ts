import { formatTimestamp, type OpId } from '@kitty/record'
import type { Ops, SessionEnd } from '@kitty/writer'
import { definedFields } from '../../command/defined.js'
import type { CommandResult } from '../../command/result.js'
import { HookCommand, type HookSetting } from '../../hooks/hook-command.js'
import type { SessionEndJson } from '../../json/setup.js'
import { leaveOps } from '../../op/session-ops.js'
import { eachStore } from '../../project/stores.js'

const leftText = (ids: readonly OpId[]): string => {
  const what = ids.length === 1 ? '1 Op is' : `${ids.length} Ops are`
  return `${what} still open and marked as left: ${ids.join(', ')}\n`
}

export class HooksSessionEnd extends HookCommand<SessionEndJson> {
  static override description = `\
Claude Code runs this command, with the session on standard input. The end of a session is not an
outcome, since the session can be resumed. The Ops that it opened stay open and are marked as left, in
every work tree of the repository. Ops of other sessions, and Ops whose command is running, are unchanged.
The command prints nothing if there is nothing to mark, handles only the event SessionEnd, and always
exits with 0. Use --debug to see errors.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> <%= command.id %>',
  ]
  protected override readonly event = 'SessionEnd'

  protected override async act({
    io,
    project,
    input,
  }: HookSetting): Promise<CommandResult<SessionEndJson> | undefined> {
    const session = input.session ?? project.environment.session
    if (session === undefined) return undefined
    const end: SessionEnd = {
      at: formatTimestamp(io.clock()),
      ...definedFields({ reason: input.reason }),
    }
    const left: OpId[] = []
    await eachStore(io, project.root, async (ops: Ops) => {
      left.push(...(await leaveOps(ops, session, end)))
    })
    return left.length === 0 ? undefined : { json: { left }, text: () => leftText(left) }
  }
}
