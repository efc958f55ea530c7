import { OpeningCommand } from '../op/open-command.js'

export class Do extends OpeningCommand {
  static override description = `\
The record is on disk before the work begins, and is committed only when the Op is closed.

With COMMAND, the command runs under the Op, with the same standard streams and without a shell. When it
ends, the Op is closed: as done if the exit status is 0, as failed if it is not, as abandoned if a signal
ended the command. The exit status of the command is passed on. Only the request is recorded, not the command
or its output, so describe the command in the request.`
  static override usage = '<%= command.id %> REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Fix the flaky test" --profile debugger-debbie --wp WP01',
    '<%= config.bin %> <%= command.id %> "Run the tests" -- npm test',
    '$ cat request.md | <%= config.bin %> <%= command.id %> --request-file - --json',
  ]
  protected override readonly verb = { name: 'do', mode: 'task_execution' } as const
}
