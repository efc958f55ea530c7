import type { CommandClass } from '../command/base-command.js'

const completion = async (): Promise<CommandClass> => {
  const { completionCommand } = await import('../commands/completion.js')
  const { completionScript, SHELLS } = await import('./completion/script.js')
  return completionCommand(SHELLS, async (shell, program) => {
    const { CHECKS } = await import('@kitty/doctor/internals')
    const summaries = new Map([...REGISTRY].map(([name, { summary }]) => [name, summary]))
    const words = { CHECK: [...CHECKS.map(({ id }) => id), 'agent-hooks'] }
    return completionScript(shell, program, { summaries, load: loadCommand, words })
  })
}

/** The groups of commands in the help, in this order. */
export const GROUPS = ['Work', 'Records', 'Repository', 'Setup'] as const

type Entry = {
  readonly group: (typeof GROUPS)[number]
  /** One line. It is here so that a list of commands loads none of them. */
  readonly summary: string
  readonly load: () => Promise<CommandClass>
}

/** Every command, by name. */
export const REGISTRY: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'do',
    {
      group: 'Work',
      summary: 'Open an Op for a task, or run a command under it.',
      load: async () => (await import('../commands/do.js')).Do,
    },
  ],
  [
    'advise',
    {
      group: 'Work',
      summary: 'Open an Op for advice.',
      load: async () => (await import('../commands/advise.js')).Advise,
    },
  ],
  [
    'ask',
    {
      group: 'Work',
      summary: 'Open an Op for a question.',
      load: async () => (await import('../commands/ask.js')).Ask,
    },
  ],
  [
    'ops complete',
    {
      group: 'Work',
      summary: 'Close an Op with its outcome, and commit it.',
      load: async () => (await import('../commands/ops/complete.js')).OpsComplete,
    },
  ],
  [
    'dispatch',
    {
      group: 'Work',
      summary: 'Open an Op, as the Python spec-kitty does.',
      load: async () => (await import('../commands/dispatch.js')).Dispatch,
    },
  ],
  [
    'profile-invocation complete',
    {
      group: 'Work',
      summary: 'Close an Op, as the Python spec-kitty does.',
      load: async () =>
        (await import('../commands/profile-invocation/complete.js')).ProfileInvocationComplete,
    },
  ],
  [
    'ops list',
    {
      group: 'Records',
      summary: 'List Ops, newest first.',
      load: async () => (await import('../commands/ops/list.js')).OpsList,
    },
  ],
  [
    'invocations list',
    {
      group: 'Records',
      summary: 'List Ops, as the Python spec-kitty does.',
      load: async () => (await import('../commands/invocations/list.js')).InvocationsList,
    },
  ],
  [
    'ops show',
    {
      group: 'Records',
      summary: 'Show one Op: its events, problems and commit.',
      load: async () => (await import('../commands/ops/show.js')).OpsShow,
    },
  ],
  [
    'ops why',
    {
      group: 'Records',
      summary: 'Show the Ops behind a file, a line or a commit.',
      load: async () => (await import('../commands/ops/why.js')).OpsWhy,
    },
  ],
  [
    'ops timeline',
    {
      group: 'Records',
      summary: 'Show when each Op ran, as bars in the terminal.',
      load: async () => (await import('../commands/ops/timeline.js')).OpsTimeline,
    },
  ],
  [
    'ops report',
    {
      group: 'Records',
      summary: 'Write a page with charts, or Markdown to review.',
      load: async () => (await import('../commands/ops/report.js')).OpsReport,
    },
  ],
  [
    'ops validate',
    {
      group: 'Records',
      summary: 'Check record files against the schema.',
      load: async () => (await import('../commands/ops/validate.js')).OpsValidate,
    },
  ],
  [
    'ops schema',
    {
      group: 'Records',
      summary: 'Print the JSON Schema of a record line.',
      load: async () => (await import('../commands/ops/schema.js')).OpsSchema,
    },
  ],
  [
    'doctor ops',
    {
      group: 'Repository',
      summary: 'Check records and commits, and fix what is wrong.',
      load: async () => (await import('../commands/doctor/ops.js')).DoctorOps,
    },
  ],
  [
    'ops verify',
    {
      group: 'Repository',
      summary: 'Check the whole history, as a gate for CI.',
      load: async () => (await import('../commands/ops/verify.js')).OpsVerify,
    },
  ],
  [
    'ops sync',
    {
      group: 'Repository',
      summary: 'Exchange the ledgers of closed Ops with a remote.',
      load: async () => (await import('../commands/ops/sync.js')).OpsSync,
    },
  ],
  [
    'ops restore',
    {
      group: 'Repository',
      summary: 'Restore missing records from git.',
      load: async () => (await import('../commands/ops/restore.js')).OpsRestore,
    },
  ],
  [
    'ops reindex',
    {
      group: 'Repository',
      summary: 'Rebuild the index from the records.',
      load: async () => (await import('../commands/ops/reindex.js')).OpsReindex,
    },
  ],
  [
    'ops archive',
    {
      group: 'Repository',
      summary: 'Move old Ops to the archive, in one commit.',
      load: async () => (await import('../commands/ops/archive.js')).OpsArchive,
    },
  ],
  [
    'config show',
    {
      group: 'Setup',
      summary: 'Show the effective settings and their sources.',
      load: async () => (await import('../commands/config/show.js')).ConfigShow,
    },
  ],
  [
    'hooks install',
    {
      group: 'Setup',
      summary: 'Add hooks, and instructions, for an agent.',
      load: async () => (await import('../commands/hooks/install.js')).HooksInstall,
    },
  ],
  [
    'hooks remove',
    {
      group: 'Setup',
      summary: 'Remove what "hooks install" added.',
      load: async () => (await import('../commands/hooks/remove.js')).HooksRemove,
    },
  ],
  [
    'hooks status',
    {
      group: 'Setup',
      summary: 'Show which hooks and instructions are installed.',
      load: async () => (await import('../commands/hooks/status.js')).HooksStatus,
    },
  ],
  [
    'agents',
    {
      group: 'Setup',
      summary: 'Print the instructions for an agent.',
      load: async () => (await import('../commands/agents.js')).Agents,
    },
  ],
  [
    'completion',
    {
      group: 'Setup',
      summary: 'Print a completion script for a shell.',
      load: completion,
    },
  ],
  [
    'uninstall',
    {
      group: 'Setup',
      summary: 'Remove hooks, state and refs from the repository.',
      load: async () => (await import('../commands/uninstall.js')).Uninstall,
    },
  ],
  [
    'hooks session-start',
    {
      group: 'Setup',
      summary: 'For agents: list open Ops and how to close them.',
      load: async () => (await import('../commands/hooks/session-start.js')).HooksSessionStart,
    },
  ],
  [
    'hooks prompt',
    {
      group: 'Setup',
      summary: 'For agents: record a prompt as an Op.',
      load: async () => (await import('../commands/hooks/prompt.js')).HooksPrompt,
    },
  ],
  [
    'hooks subagent-start',
    {
      group: 'Setup',
      summary: 'For agents: give a sub-agent a key of its own.',
      load: async () => (await import('../commands/hooks/subagent-start.js')).HooksSubagentStart,
    },
  ],
  [
    'hooks subagent-stop',
    {
      group: 'Setup',
      summary: 'For agents: ask a sub-agent to close its Ops.',
      load: async () => (await import('../commands/hooks/subagent-stop.js')).HooksSubagentStop,
    },
  ],
  [
    'hooks stop',
    {
      group: 'Setup',
      summary: 'For agents: ask to close the Ops of a session.',
      load: async () => (await import('../commands/hooks/stop.js')).HooksStop,
    },
  ],
  [
    'hooks session-end',
    {
      group: 'Setup',
      summary: 'For agents: mark the Ops a session leaves open.',
      load: async () => (await import('../commands/hooks/session-end.js')).HooksSessionEnd,
    },
  ],
  [
    'session-start',
    {
      group: 'Setup',
      summary: 'For hooks of the Python spec-kitty: list Ops.',
      load: async () => (await import('../commands/session-start.js')).SessionStart,
    },
  ],
  [
    'session-stop',
    {
      group: 'Setup',
      summary: 'For hooks of the Python spec-kitty: exit with 0.',
      load: async () => (await import('../commands/session-stop.js')).SessionStop,
    },
  ],
])

/** Loads a command. Returns `undefined` if there is none with that name. */
export const loadCommand = async (name: string): Promise<CommandClass | undefined> => {
  const entry = REGISTRY.get(name)
  if (entry === undefined) return undefined
  const command = await entry.load()
  command.id = name.replaceAll(' ', ':')
  command.summary = entry.summary
  return command
}
