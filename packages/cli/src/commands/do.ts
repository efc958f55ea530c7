import { OpeningCommand } from '../op/open-command.js'

export class Do extends OpeningCommand {
  static override description = `\
The record is on disk before the work begins. It is not committed before the Op is closed.

With COMMAND, the command runs under the Op, with the same standard streams and without a shell. Its end
closes the Op: exit status 0 is done, any other is failed, a signal is abandoned. The exit status of the
command is passed on. Only the request is recorded, not the command or its output, so say in the request
what is run.`
  static override usage = '<%= command.id %> REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Fix the flaky test" --profile debugger-debbie --wp WP01',
    '<%= config.bin %> <%= command.id %> "Run the tests" -- npm test',
    '$ cat request.md | <%= config.bin %> <%= command.id %> --request-file - --json',
  ]
  protected override readonly verb = { name: 'do', mode: 'task_execution' } as const
}
