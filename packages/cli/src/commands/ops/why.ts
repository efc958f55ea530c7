import { string } from '@oclif/core/args'
import { integer } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import type { WhyJson } from '../../json/why.js'
import { openProject } from '../../project/project.js'

export class OpsWhy extends BaseCommand {
  static override description = `\
Asks git which commits the lines come from, as git blame does (blame.ignoreRevsFile included), and shows the Ops that
are linked to these commits: see ops complete --link-commits.

An Op is "likely" if it is not linked to the commit itself, but made the same change in a commit that was rebased,
amended or squashed since, by patch id; or if its record came with the commit and its own commits are not in this clone.

TARGET is a file if there is one of that name, then a line of a file (FILE:LINE), then a commit. If the name of a file
ends in a colon and a number, use --line for the line.`
  static override usage = '<%= command.id %> TARGET [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> src/login.ts:42',
    '<%= config.bin %> <%= command.id %> src/login.ts --json',
    '<%= config.bin %> <%= command.id %> HEAD~3',
  ]
  static override args = {
    TARGET: string({
      required: true,
      ignoreStdin: true,
      description: 'A file, a line of a file, or a commit.',
    }),
  }
  static override flags = {
    line: integer({ min: 1, summary: 'The line of the file.', helpValue: 'LINE' }),
  }

  protected override async execute(): Promise<CommandResult<WhyJson>> {
    const { args, flags } = await this.parse(OpsWhy)
    const project = await openProject(this.io, flags)
    const { root } = project
    const { findWorkTree } = await import('@kitty/writer/internals')
    const top = (await findWorkTree(root))?.top
    if (top === undefined) {
      await project.open('reading')
      const { noRepository } = await import('@kitty/git-commit/inspect')
      throw noRepository(root)
    }
    const [{ targetOf }, { answerTo }, { whyJson, whyText }] = await Promise.all([
      import('../../why/target.js'),
      import('../../why/answer.js'),
      import('../../why/why-text.js'),
    ])
    const typed = { target: args.TARGET, line: flags.line, cwd: this.io.cwd, top }
    const target = await targetOf(typed)
    const answer = await answerTo(this.io, project.open('reading'), { top, target })
    const file = target.kind === 'file' ? target : undefined
    return {
      json: whyJson(args.TARGET, file, answer),
      text: (style) => whyText(answer, style),
      notes: answer.notes,
    }
  }
}
