// A command of another CLI, made with oclif, that opens and closes an Op around its work.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    const { value, completion } = await ops.run(request, () => args.text.split(/\s+/).length, {
      closing: (words) => ({ reason: `The text has ${words} words.` }),
    })
    this.log(`${value} words; Op ${completion.id} ${completion.commit.status}`)
  }
}

const root = mkdtempSync(join(tmpdir(), 'kitty-example-'))
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
git('init', '--quiet')
git('config', 'user.name', 'Example')
git('config', 'user.email', 'example@example.org')
process.chdir(root)

await Summarize.run(['the quick brown fox'], import.meta.url)
console.log(git('log', '--format=%s'))
