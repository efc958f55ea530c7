import { AGENTS } from '../../agents/registry.js'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { findInstalled, type Installed } from '../../hooks/installation.js'
import { isOnPath } from '../../hooks/on-path.js'
import type { HooksStatusJson } from '../../json/setup.js'
import { openProject } from '../../project/project.js'
import { table } from '../../terminal/table.js'

const rowOf = ({ agent, scope, path, events, capture, instructions, problem }: Installed) =>
  [
    agent,
    scope,
    path,
    problem ?? (events.length > 0 ? `${events.join(' ')}${capture ? ' (capture)' : ''}` : '-'),
    instructions.join(' ') || '-',
  ].map((text) => ({ text }))

export class HooksStatus extends BaseCommand {
  static override description = `\
Shows for which agents hooks and instructions are installed, in this project and for you, and whether a shell
finds the program that they run. "doctor ops" also checks that it runs.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected override async execute(): Promise<CommandResult<HooksStatusJson>> {
    const { flags } = await this.parse(HooksStatus)
    const { root, environment } = await openProject(this.io, flags)
    const program = this.outputMode
    const { variables } = this.io
    const agents = AGENTS.flatMap((agent) =>
      (['project', 'user'] as const).flatMap(
        (scope) => findInstalled({ agent, scope, root, variables, program }) ?? [],
      ),
    )
    const installed = agents.flatMap(({ programs }) => programs)
    const started = [...new Set(installed.length === 0 ? [program.bin] : installed)]
    const missing = started.filter((bin) => !isOnPath(bin, environment.path))
    const line = (bin: string) => `"${bin}" is ${missing.includes(bin) ? 'not ' : ''}on the PATH.\n`
    const head = ['AGENT', 'FOR', 'SETTINGS', 'EVENTS', 'INSTRUCTIONS'].map((text) => ({ text }))
    return {
      json: { runs: missing.length === 0, agents },
      text: () =>
        agents.length === 0
          ? 'No hooks are installed.\n'
          : `${table([head, ...agents.map(rowOf)])}${started.map(line).join('')}`,
    }
  }
}
