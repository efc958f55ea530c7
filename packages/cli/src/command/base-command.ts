import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import { type Io, processIo } from './io.js'
import type { LeanConfig } from './oclif-config.js'
import { type OutputMode, outputModeOf } from './output-mode.js'
import { type CommandResult, printError, printResult } from './result.js'
import { asKittyError, type CommandSite } from './usage.js'

/** What makes a command ready to run. */
export type CommandMaker = new (argv: string[], config: LeanConfig) => BaseCommand

/** A command, with what its help is made of. */
export type CommandClass = typeof BaseCommand & CommandMaker

const GROUP = 'GLOBAL'

/** Flags in, a report out: what every command is. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: boolean({ summary: 'Print one JSON document, and nothing else.', helpGroup: GROUP }),
    root: string({
      summary: 'The project root. Default: SPEC_KITTY_ROOT, then what is found upwards.',
      helpValue: 'FOLDER',
      helpGroup: GROUP,
    }),
    'no-color': boolean({ summary: 'No colours, also on a terminal.', helpGroup: GROUP }),
    debug: boolean({ summary: 'Show where an error comes from.', helpGroup: GROUP }),
    help: boolean({ summary: 'Show this help.', helpGroup: GROUP }),
  }

  protected io: Io = processIo()

  /** Does the work. What it throws is told as an error. */
  protected abstract execute(): Promise<CommandResult>

  /** Where oclif enters, when another command line has mounted this command. */
  override async run(): Promise<void> {
    process.exitCode = await this.launch(this.io)
  }

  /** Runs in a world that is given, and gives the exit status. */
  async launch(io: Io): Promise<number> {
    this.io = io
    const { outputMode } = this
    try {
      return printResult(await this.execute(), io, outputMode)
    } catch (error) {
      return this.failed(printError(asKittyError(error, this.#place()), io, outputMode))
    }
  }

  /** How things are to be told in this run. */
  protected get outputMode(): OutputMode {
    return outputModeOf(this.argv, this.io)
  }

  #place(): CommandSite {
    const flags = { ...this.ctor.baseFlags, ...this.ctor.flags }
    const choices = Object.entries(flags).flatMap(([name, flag]) =>
      'options' in flag && flag.options !== undefined ? [[name, flag.options] as const] : [],
    )
    return {
      command: this.ctor.id.replaceAll(':', ' '),
      flags: Object.keys(flags),
      choices: Object.fromEntries(choices),
    }
  }

  /** The exit status for an error; a command may have its own. */
  protected failed(status: number): number {
    return status
  }
}
