import type { CommandClass } from '../command/base-command.js'

const completion = async (): Promise<CommandClass> => {
  const { completionCommand } = await import('../commands/completion.js')
  const { completionScript, SHELLS } = await import('./shell-completion.js')
  const names = [...REGISTRY.keys()]
  return completionCommand(SHELLS, (shell) => completionScript(shell, names, loadCommand))
}

type Entry = {
  /** One line, here so that a list of commands needs none of them. */
  readonly summary: string
  readonly load: () => Promise<CommandClass>
}

/** Every command, by the words that people type. */
export const REGISTRY: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'do',
    {
      summary: 'Open an Op for work that changes things, or run a command under one.',
      load: async () => (await import('../commands/do.js')).Do,
    },
  ],
  [
    'advise',
    {
      summary: 'Open an Op for advice.',
      load: async () => (await import('../commands/advise.js')).Advise,
    },
  ],
  [
    'ask',
    {
      summary: 'Open an Op for a question.',
      load: async () => (await import('../commands/ask.js')).Ask,
    },
  ],
  [
    'ops complete',
    {
      summary: 'Close an Op with its real outcome, and commit its record.',
      load: async () => (await import('../commands/ops/complete.js')).OpsComplete,
    },
  ],
  [
    'profile-invocation complete',
    {
      summary: 'The same as "ops complete", in another spelling.',
      load: async () =>
        (await import('../commands/profile-invocation/complete.js')).ProfileInvocationComplete,
    },
  ],
  [
    'ops list',
    {
      summary: 'List Ops, newest first.',
      load: async () => (await import('../commands/ops/list.js')).OpsList,
    },
  ],
  [
    'ops timeline',
    {
      summary: 'Show what ran when, as bars in the terminal.',
      load: async () => (await import('../commands/ops/timeline.js')).OpsTimeline,
    },
  ],
  [
    'ops report',
    {
      summary: 'Write a page with charts, a timeline and every Op, for a browser.',
      load: async () => (await import('../commands/ops/report.js')).OpsReport,
    },
  ],
  [
    'ops show',
    {
      summary: 'Show one Op: its events, its problems, its commit.',
      load: async () => (await import('../commands/ops/show.js')).OpsShow,
    },
  ],
  [
    'ops validate',
    {
      summary: 'Check record files, or standard input, against the schema.',
      load: async () => (await import('../commands/ops/validate.js')).OpsValidate,
    },
  ],
  [
    'ops schema',
    {
      summary: 'Print the JSON Schema of a record line.',
      load: async () => (await import('../commands/ops/schema.js')).OpsSchema,
    },
  ],
  [
    'ops restore',
    {
      summary: 'Bring missing records back from git.',
      load: async () => (await import('../commands/ops/restore.js')).OpsRestore,
    },
  ],
  [
    'ops reindex',
    {
      summary: 'Make the index cache anew from the records.',
      load: async () => (await import('../commands/ops/reindex.js')).OpsReindex,
    },
  ],
  [
    'ops archive',
    {
      summary: 'Move old Ops out of the hot folder, in one commit.',
      load: async () => (await import('../commands/ops/archive.js')).OpsArchive,
    },
  ],
  [
    'ops verify',
    {
      summary: 'Check the whole history, as a gate for CI.',
      load: async () => (await import('../commands/ops/verify.js')).OpsVerify,
    },
  ],
  [
    'doctor ops',
    {
      summary: 'Say what is wrong with the records, and mend it.',
      load: async () => (await import('../commands/doctor/ops.js')).DoctorOps,
    },
  ],
  [
    'hooks install',
    {
      summary: "Have an agent's sessions hear of open Ops, and mark what they leave.",
      load: async () => (await import('../commands/hooks/install.js')).HooksInstall,
    },
  ],
  [
    'hooks remove',
    {
      summary: 'Undo "hooks install".',
      load: async () => (await import('../commands/hooks/remove.js')).HooksRemove,
    },
  ],
  [
    'hooks session-start',
    {
      summary: 'For agents: name the open Ops, and how to close them.',
      load: async () => (await import('../commands/hooks/session-start.js')).HooksSessionStart,
    },
  ],
  [
    'hooks session-end',
    {
      summary: 'For agents: mark what this session leaves open.',
      load: async () => (await import('../commands/hooks/session-end.js')).HooksSessionEnd,
    },
  ],
  [
    'config show',
    {
      summary: 'Show the settings in force, and where each came from.',
      load: async () => (await import('../commands/config/show.js')).ConfigShow,
    },
  ],
  [
    'completion',
    {
      summary: 'Print a script that completes commands in a shell.',
      load: completion,
    },
  ],
])

/** Loads a command; `undefined` when there is none of that name. */
export const loadCommand = async (name: string): Promise<CommandClass | undefined> => {
  const entry = REGISTRY.get(name)
  if (entry === undefined) return undefined
  const command = await entry.load()
  command.id = name.replaceAll(' ', ':')
  command.summary = entry.summary
  return command
}
