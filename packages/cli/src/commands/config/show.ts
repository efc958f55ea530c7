import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import type { ConfigJson, SettingJson } from '../../json/setup.js'
import { effectiveConfig } from '../../project/effective-config.js'
import { openProject } from '../../project/project.js'
import { table } from '../../terminal/table.js'

const valueText = (value: SettingJson['value']): string => {
  if (value === null) return 'not set'
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}

export class ConfigShow extends BaseCommand {
  static override description = `\
Shows every setting with its effective value and source: a default, .kittify/config.yaml, or an
environment variable. Flags of a command override all of them.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  protected override async execute(): Promise<CommandResult<ConfigJson>> {
    const { flags } = await this.parse(ConfigShow)
    const { root, environment, settings } = await openProject(this.io, flags)
    const entries = await effectiveConfig(root, environment, await settings())
    return {
      json: { root, settings: entries },
      text: (style) =>
        table(
          entries.map(({ name, value, origin }) => [
            { text: name },
            { text: valueText(value) },
            { text: origin, paint: style.dim },
          ]),
        ),
    }
  }
}
