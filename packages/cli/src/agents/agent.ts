/** An event in the life of an agent's session, as this program calls it. */
export const HOOK_EVENTS = [
  'session-start',
  'prompt',
  'subagent-start',
  'subagent-stop',
  'stop',
  'session-end',
] as const

export type HookEvent = (typeof HOOK_EVENTS)[number]

/** Where a file is: in a project, or in the home folder of a user. `undefined` if the agent documents no such file. */
export type FilePlace = {
  /** Relative to the project root, with `/`. */
  readonly project: string
  /** Relative to `home`, with `/`. */
  readonly user?: string
}

/** The names of the fields that an agent sends to a hook on standard input. */
export type InputFields = {
  readonly event?: string
  readonly session: string
  /** The folder of the session: a path, or a list of paths. */
  readonly cwd: string
  readonly subagent?: string
  readonly subagentType?: string
  readonly prompt?: string
  readonly model?: string
  /** Whether this stop was already held once. */
  readonly held?: string
}

/** An event that is installed, and the command for it. */
export type InstalledHook = {
  readonly event: HookEvent
  /** The agent's own name for it. */
  readonly name: string
  readonly command: string
}

/** An adapter for an agent: where its files are, what it calls the events, and how it can be answered. */
export type Agent = {
  /** As it is typed: `codex`. */
  readonly name: string
  readonly title: string
  /** Its name in a record. */
  readonly actor: string
  /** The variable with the folder that `user` paths are relative to, and its default below the home folder. */
  readonly home: { readonly variable?: string; readonly folder: string }
  readonly settings: FilePlace
  readonly instructions: FilePlace
  readonly skill?: FilePlace
  /** The events that it documents, and that this program uses. */
  readonly events: Readonly<Partial<Record<HookEvent, string>>>
  readonly fields: InputFields
  /** The variables with the project folder that it sets for a hook. */
  readonly projectVariables: readonly string[]
  /** How its settings file holds hooks: JSON with an entry for each event, or a file that is this program's alone. */
  readonly form:
    | {
        readonly kind: 'json'
        /** Fields that the file must have. */
        readonly required?: Readonly<Record<string, number>>
        readonly entry: (hook: InstalledHook) => object
      }
    | { readonly kind: 'file'; readonly text: (hooks: readonly InstalledHook[]) => string }
  /** Adds text to the context of the agent. Absent if it documents no way. */
  readonly addContext?: (eventName: string, text: string) => object
  /** Holds the stop of a turn. Absent if it documents no way, or this program does not use it. */
  readonly hold?: (reason: string) => object
}

/** The fields of agents that follow Claude Code. */
export const SNAKE_FIELDS: InputFields = {
  event: 'hook_event_name',
  session: 'session_id',
  cwd: 'cwd',
  subagent: 'agent_id',
  subagentType: 'agent_type',
  prompt: 'prompt',
  model: 'model',
  held: 'stop_hook_active',
}

/** The answer that adds context, of agents that follow Claude Code. */
export const hookSpecificOutput = (hookEventName: string, additionalContext: string): object => ({
  hookSpecificOutput: { hookEventName, additionalContext },
})

/** The time that a hook may take. The end of a session can mark Ops in many work trees. */
export const timeoutSeconds = (event: HookEvent): number => (event === 'session-end' ? 30 : 10)
