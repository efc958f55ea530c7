import { appendFile } from 'node:fs/promises'
import { HookCommand, type HookSetting } from '../../hook-command.js'
import { openHere } from '../../open-here.js'
import { openOpsText } from '../../render/open-ops.js'
import type { Report } from '../../report.js'

/** So that Ops are known as this session's also where Claude Code does not tell commands which it is. */
const tellCommands = async ({ project, input }: HookSetting): Promise<void> => {
  const { sessionScript } = project.environment
  if (sessionScript === undefined || input.session === undefined) return
  await appendFile(sessionScript, `export SPEC_KITTY_SESSION='${input.session}'\n`)
}

export class HooksSessionStart extends HookCommand {
  static override description = `\
Claude Code runs it, and tells the agent what it prints: which Ops are open here, and how to close
them. It is silent where none is, and ends with exit status 0 always; --debug shows what went wrong.`
  static override usage = 'hooks session-start [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> hooks session-start',
  ]

  protected override async act(setting: HookSetting): Promise<Report | undefined> {
    await tellCommands(setting)
    const open = await openHere(await setting.project.open('reading'))
    if (open.length === 0) return undefined
    return {
      json: { open_ops: open },
      text: () => openOpsText(open, setting.io.clock()),
    }
  }
}
