import type { KittyError } from '@kitty/record'
import { BaseCommand } from '../command/base-command.js'
import { UsageError } from '../command/errors.js'
import { hintFor } from '../command/hints.js'
import { toJson } from '../terminal/json.js'

/** A command in a spelling of the Python spec-kitty: with `--json`, an error is a document on standard error. */
export abstract class UpstreamCommand extends BaseCommand {
  /** The document for an error, with the hint for people. */
  protected abstract errorJson(error: KittyError, hint: string): object

  /** The exit status for an error that is not wrong usage. */
  protected statusFor(_error: KittyError): number {
    return 1
  }

  protected override async printFailure(error: KittyError): Promise<number> {
    const { io, outputMode } = this
    if (outputMode.json) {
      const hint = hintFor(error.code, error.hint, error.about, outputMode)
      io.stderr.write(toJson(this.errorJson(error, hint), false))
    } else await super.printFailure(error)
    return error instanceof UsageError ? 2 : this.statusFor(error)
  }
}
