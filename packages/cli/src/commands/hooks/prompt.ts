import { HookCommand } from '../../hooks/hook-command.js'

export class HooksPrompt extends HookCommand {
  static override description = `\
An agent runs this command with a prompt on standard input. With --capture it opens an Op with the text, without
secrets. An Op of an earlier, interrupted turn is marked as left. It always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'prompt'
}
