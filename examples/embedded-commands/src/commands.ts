import { directGit } from '@kitty/git-commit'
import { findProjectRoot, openOps } from '@kitty/writer'
import { Args, Command } from '@oclif/core'

class Summarize extends Command {
  static override summary = 'Counts the words of a text, under an Op.'
  static override args = { text: Args.string({ required: true }) }

  async run(): Promise<void> {
    const { args } = await this.parse(Summarize)
    const ops = await openOps({ root: await findProjectRoot(process.cwd()), strategy: directGit() })
    const request = {
      profile_id: 'reader-rita',
      action: 'summarize',
      request_text: args.text,
      actor: 'example',
    }
    const { value, completion } = await ops.run(request, () => args.text.split(/\s+/).length)
    this.log(`${value} words; Op ${completion.id} ${completion.commit.status}`)
  }
}

/** The commands of this program, by id. `package.json` names this module, and the plugin @kitty/cli. */
export const COMMANDS = { summarize: Summarize }
