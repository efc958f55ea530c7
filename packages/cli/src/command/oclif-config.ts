import { Config } from '@oclif/core/config'
import type { Hook, Hooks } from '@oclif/core/interfaces'
import { BIN, PACKAGE_ROOT, VERSION_LINE } from '../package-info.js'

/**
 * What oclif has to know to run a command that was found already: no look for plugins, manifests and
 * themes, no question for the shell (on Windows that starts a PowerShell), no hooks.
 */
export class LeanConfig extends Config {
  constructor() {
    super({ root: PACKAGE_ROOT })
    this.bin = BIN
    this.topicSeparator = ' '
    this.platform = process.platform === 'win32' ? 'win32' : 'linux'
    this.shell = ''
    this.userAgent = VERSION_LINE
  }

  override async runHook<T extends keyof P, P extends Hooks = Hooks>(
    _event: T,
  ): Promise<Hook.Result<P[T]['return']>> {
    return { failures: [], successes: [] }
  }
}
