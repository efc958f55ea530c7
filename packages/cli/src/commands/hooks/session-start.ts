import { appendFile } from 'node:fs/promises'
import type { OpSummary, Ops } from '@kitty/writer'
import { definedFields } from '../../command/defined.js'
import type { CommandResult } from '../../command/result.js'
import { HookCommand, type HookSetting } from '../../hooks/hook-command.js'
import { openOpsText } from '../../hooks/open-ops-text.js'
import type { OpenHereJson, SessionStartJson } from '../../json/setup.js'
import { listOpenOps } from '../../op/open-ops.js'
import { resumeOps } from '../../op/session-ops.js'
import { eachStore } from '../../project/stores.js'

/** Sets the session for the commands of the session, since Claude Code does not always pass it. */
const exportSession = async ({ project, input }: HookSetting): Promise<void> => {
  const { sessionScript } = project.environment
  if (sessionScript === undefined || input.session === undefined) return
  await appendFile(sessionScript, `export SPEC_KITTY_SESSION='${input.session}'\n`)
}

/** Marks the Ops that this session opened before it was resumed. */
const withOwner = (
  ops: Ops,
  open: readonly OpSummary[],
  session: string | undefined,
): Promise<readonly OpenHereJson[]> =>
  Promise.all(
    open.map(async (op) => {
      const opener = (await ops.startNote(op.invocation_id))?.session
      return opener !== undefined && opener === session ? { ...op, own: true } : op
    }),
  )

export class HooksSessionStart extends HookCommand<SessionStartJson> {
  static override description = `\
Claude Code runs this command and shows its output to the agent: which Ops are open here, which of them
the session opened, which an ended session has left, and how to close them. It prints nothing if no Op is
open, handles only the event SessionStart, and always exits with 0. Use --debug to see errors.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> <%= command.id %>',
  ]

  protected override readonly event = 'SessionStart'

  protected override async act(
    setting: HookSetting,
  ): Promise<CommandResult<SessionStartJson> | undefined> {
    await exportSession(setting)
    const { io, project, input } = setting
    const session = input.session ?? project.environment.session
    const ops = await project.open('reading')
    const open = await withOwner(ops, await listOpenOps(ops), session)
    // The session is running again, so its Ops are no longer left.
    if (session !== undefined)
      await eachStore(io, project.root, (store) => resumeOps(store, session))
    if (open.length === 0) return undefined
    return {
      json: { open_ops: open, ...definedFields({ source: input.source }) },
      text: () => openOpsText(open, io.clock(), this.outputMode),
    }
  }
}
