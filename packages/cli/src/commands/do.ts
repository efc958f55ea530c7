import { OpeningCommand } from '../op/open-command.js'

export class Do extends OpeningCommand {
  static override description = `\
The record is on disk before the work begins, and in no commit before the Op is closed.

With COMMAND, the command runs under the Op, with the same standard streams and without a shell. The
Op is then closed with what happened: exit status 0 is done, another is failed, a signal is
abandoned. The command's own exit status is passed on. Only the request is recorded, not the command nor
what it printed: say in the request what is run.`
  static override usage = 'do REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> do "Mend the flaky test" --profile debugger-debbie --wp WP01',
    '<%= config.bin %> do "Run the tests" -- npm test',
    '$ cat request.md | <%= config.bin %> do --request-file - --json',
  ]
  protected override readonly verb = { name: 'do', mode: 'task_execution' } as const
}
