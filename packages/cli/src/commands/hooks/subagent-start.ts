import { HookCommand } from '../../hooks/hook-command.js'

export class HooksSubagentStart extends HookCommand {
  static override description = `\
An agent runs this command when a sub-agent starts. The sub-agent gets a key of its own, so that its Ops are kept
apart from those of the session; with --capture, it also gets an Op. It always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'subagent-start'
}
