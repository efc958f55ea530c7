import { appendFile } from 'node:fs/promises'
import type { OpSummary, Ops } from '@kitty/writer'
import { definedFields } from '../../command/defined.js'
import type { CommandResult } from '../../command/result.js'
import { HookCommand, type HookSetting } from '../../hooks/hook-command.js'
import { type OpenHere, openOpsText } from '../../hooks/open-ops-text.js'
import { listOpenOps } from '../../op/open-ops.js'
import { resumeOps } from '../../op/session-ops.js'
import { eachStore } from '../../project/stores.js'

/** So that Ops are known as this session's also where Claude Code does not tell commands which it is. */
const tellCommands = async ({ project, input }: HookSetting): Promise<void> => {
  const { sessionScript } = project.environment
  if (sessionScript === undefined || input.session === undefined) return
  await appendFile(sessionScript, `export SPEC_KITTY_SESSION='${input.session}'\n`)
}

/** Says which Ops this session opened itself, before it ended and was resumed. */
const withOwner = (
  ops: Ops,
  open: readonly OpSummary[],
  session: string | undefined,
): Promise<readonly OpenHere[]> =>
  Promise.all(
    open.map(async (op) => {
      const opener = (await ops.startNote(op.invocation_id))?.session
      return opener !== undefined && opener === session ? { ...op, own: true } : op
    }),
  )

export class HooksSessionStart extends HookCommand {
  static override description = `\
Claude Code runs it, and tells the agent what it prints: which Ops are open here, which of them are its own, which an
ended session has left, and how to close them. It is silent if none is, acts on the event SessionStart only, and always
ends with exit status 0; --debug shows what went wrong.`
  static override usage = 'hooks session-start [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> hooks session-start',
  ]

  protected override readonly event = 'SessionStart'

  protected override async act(setting: HookSetting): Promise<CommandResult | undefined> {
    await tellCommands(setting)
    const { io, project, input } = setting
    const session = input.session ?? project.environment.session
    const ops = await project.open('reading')
    const open = await withOwner(ops, await listOpenOps(ops), session)
    // Now it goes on, so nothing of it is left any more.
    if (session !== undefined)
      await eachStore(io, project.root, (store) => resumeOps(store, session))
    if (open.length === 0) return undefined
    return {
      json: { open_ops: open, ...definedFields({ source: input.source }) },
      text: () => openOpsText(open, io.clock(), this.outputMode),
    }
  }
}
