import { Config } from '@oclif/core/config'
import type { Hook, Hooks } from '@oclif/core/interfaces'
import { PACKAGE_ROOT, SPEC_KITTY, VERSION_LINE } from '../package-info.js'

/**
 * The configuration of oclif for a command that is already loaded. It skips what costs time: plugins, manifests,
 * themes, hooks, and detecting the shell, which starts a PowerShell on Windows.
 */
export class LeanConfig extends Config {
  constructor() {
    super({ root: PACKAGE_ROOT })
    this.bin = SPEC_KITTY.bin
    this.topicSeparator = SPEC_KITTY.topicSeparator
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
