import type { KittyError } from '@kitty/record'
import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import { type Io, processIo } from './io.js'
import type { LeanConfig } from './oclif-config.js'
import { type OutputMode, outputModeOf } from './output-mode.js'
import { inProject } from './program.js'
import { type CommandResult, printError, printResult } from './result.js'
import { asKittyError, type CommandSite, valueOfSwitch } from './usage.js'

/** The constructor of a command that can be run. */
export type CommandMaker = new (argv: string[], config: LeanConfig) => BaseCommand

/** The class of a command, with everything that its help shows. */
export type CommandClass = typeof BaseCommand & CommandMaker

const GROUP = 'GLOBAL'

/** A command: it parses its flags, executes, and prints its result or error. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: boolean({
      summary: 'Print one JSON document to standard output, and nothing else there.',
      helpGroup: GROUP,
    }),
    root: string({
      summary:
        'The project root. Default: SPEC_KITTY_ROOT, then the nearest project at or above the current folder.',
      helpValue: 'FOLDER',
      helpGroup: GROUP,
    }),
    'no-color': boolean({ summary: 'Do not use colours, even on a terminal.', helpGroup: GROUP }),
    debug: boolean({ summary: 'Print the stack of an error.', helpGroup: GROUP }),
    help: boolean({ summary: 'Show this help.', helpGroup: GROUP }),
  }

  protected io: Io = processIo()

  /** Does the work. What it throws is printed as an error. */
  protected abstract execute(): Promise<CommandResult<unknown>>

  /** The entry for oclif, when another command line embeds this command. */
  override async run(): Promise<void> {
    process.exitCode = await this.launch(this.io)
  }

  /** Runs with the given streams, environment and folder. Returns the exit status. */
  async launch(io: Io): Promise<number> {
    this.io = io
    const { outputMode } = this
    try {
      const wrong = valueOfSwitch(this.argv, this.#flags, this.#site())
      if (wrong !== undefined) throw wrong
      return printResult(await this.execute(), io, outputMode)
    } catch (error) {
      return this.failed(await this.printFailure(asKittyError(error, this.#site())))
    }
  }

  /** Prints an error. Returns the exit status. A command with other forms of errors can replace it. */
  protected async printFailure(error: KittyError): Promise<number> {
    return printError(error, this.io, await this.#outputModeFor(error))
  }

  /** The form of the output of this run. */
  protected get outputMode(): OutputMode {
    return outputModeOf(this.argv, this.io, this.config)
  }

  /** The form of the output for an error. Only a hint with a path needs the project root that was found. */
  async #outputModeFor({ about }: KittyError): Promise<OutputMode> {
    const { outputMode } = this
    if (about.path === undefined || outputMode.root !== undefined) return outputMode
    const { findProjectRoot } = await import('@kitty/writer')
    return inProject(outputMode, await findProjectRoot(this.io.cwd), this.io.cwd)
  }

  get #flags() {
    return { ...this.ctor.baseFlags, ...this.ctor.flags }
  }

  #site(): CommandSite {
    const flags = this.#flags
    const named = [
      ...Object.entries(flags).map(([name, flag]) => [`--${name}`, flag] as const),
      ...Object.entries(this.ctor.args),
    ]
    const choices = named.flatMap(([name, taken]) =>
      'options' in taken && taken.options !== undefined ? [[name, taken.options] as const] : [],
    )
    return {
      program: this.config,
      command: this.ctor.id.replaceAll(':', ' '),
      flags: Object.keys(flags),
      choices: Object.fromEntries(choices),
    }
  }

  /** The exit status for an error. A command can replace it. */
  protected failed(status: number): number {
    return status
  }
}
