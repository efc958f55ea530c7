import { boolean } from '@oclif/core/flags'
import { AGENTS, agentNamed } from '../../agents/registry.js'
import { BaseCommand } from '../../command/base-command.js'
import { UsageError } from '../../command/errors.js'
import type { Program } from '../../command/program.js'
import type { CommandResult, Note } from '../../command/result.js'
import { AGENT_ARG, USER_FLAG } from '../../hooks/agent-arg.js'
import { type ChangedFile, findInstalled, install, type Site } from '../../hooks/installation.js'
import { isOnPath } from '../../hooks/on-path.js'
import type { HooksChangedJson } from '../../json/setup.js'
import { openProject } from '../../project/project.js'

const notOnPath = ({ bin }: Program, title: string): Note => ({
  kind: 'warning',
  message: `The hooks run "${bin}", which is not on the PATH here. They do nothing until it is.`,
  hint: `Put the program on the PATH that ${title} starts with, then start a new session.`,
})

/** Codex runs a hook only after a person has trusted it. */
const TRUST: Note = {
  kind: 'note',
  message: 'Codex CLI runs new hooks only after you have trusted them.',
  hint: 'In Codex, run /hooks and trust them.',
}

/** Both installations would open an Op for each prompt. */
const twice = ({ title }: { readonly title: string }): Note => ({
  kind: 'warning',
  message: `${title} has hooks of the project and of the user. With --capture in both, each prompt is recorded twice.`,
  hint: 'Remove one of them: "hooks remove", with or without --user.',
})

const noFile = ({ title }: { readonly title: string }): Note => ({
  kind: 'warning',
  message: `${title} reads no file with instructions of a user, so they were not added.`,
  hint: 'Add them to a project: the same command there, without --user.',
})

const capturing = AGENTS.filter(({ events }) => events.prompt !== undefined)

const checkCapture = (site: Site, capture: boolean): void => {
  const { events, title } = site.agent
  if (!capture || events.prompt !== undefined) return
  throw new UsageError('USAGE', `--capture is not supported for ${title}.`, {
    hint: `It is for ${capturing.map(({ name }) => name).join(' and ')}. Leave it out.`,
  })
}

const addedText = ({ path, changed }: ChangedFile, at: number): string => {
  const [what, them] = at === 0 ? ['hooks', 'New sessions use them.'] : ['instructions', '']
  if (!changed) return `${path} already has the ${what}.\n`
  return `${`Added the ${what} to ${path}. ${them}`.trimEnd()}\n`
}

export class HooksInstall extends BaseCommand {
  static override description = `\
Adds hooks to the settings of an agent. At the start of a session, the agent learns which Ops are open, or how
to record its work; at the end of a turn it is asked once to close its Ops; at the end of a session, open Ops
are marked as left. The rest of the file is unchanged. Installing again changes nothing; without --capture it
turns capturing off. docs/agents.md lists the events of each agent.`
  static override usage = '<%= command.id %> AGENT [--user] [--instructions] [--capture] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> claude-code --instructions',
    '<%= config.bin %> <%= command.id %> codex --user',
  ]
  static override args = AGENT_ARG
  static override flags = {
    ...USER_FLAG,
    instructions: boolean({
      summary: 'Also add the instructions to the file that the agent reads, such as AGENTS.md.',
    }),
    capture: boolean({
      summary:
        'Open an Op for each prompt and each sub-agent, even if the agent does not. Claude Code and Codex CLI only.',
    }),
  }

  protected override async execute(): Promise<CommandResult<HooksChangedJson>> {
    const { args, flags } = await this.parse(HooksInstall)
    const project = await openProject(this.io, flags)
    const { root, environment } = project
    // Throws inside a git directory, where no agent works.
    if (!flags.user) await project.open('reading')
    const { capture, instructions } = flags
    const agent = agentNamed(args.AGENT)
    const program = this.outputMode
    const scope = flags.user ? 'user' : 'project'
    const site: Site = { agent, scope, root, variables: this.io.variables, program }
    checkCapture(site, capture)
    const files = await install(site, { capture, instructions })
    const other = findInstalled({ ...site, scope: flags.user ? 'project' : 'user' })
    const [{ path } = { path: '' }] = files
    const changed = files.some((file) => file.changed)
    return {
      json: { result: 'success', path, changed, files },
      text: () => files.map(addedText).join(''),
      notes: [
        ...(isOnPath(program.bin, environment.path) ? [] : [notOnPath(program, agent.title)]),
        ...(agent.name === 'codex' && files[0]?.changed ? [TRUST] : []),
        ...(capture && other?.capture ? [twice(agent)] : []),
        ...(instructions && agent.instructions[scope] === undefined ? [noFile(agent)] : []),
      ],
    }
  }
}
