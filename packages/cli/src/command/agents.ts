import type { Variables } from './io.js'

/** An agent, and the variables that it sets for the commands that it runs. People don't set these by hand. */
type AgentVariables = {
  /** Its name in a record. */
  readonly actor: string
  /** Variables and their values; `undefined` means any value but an empty one. One match is enough. */
  readonly sets: Readonly<Record<string, string | undefined>>
  /** The variable with the id of its session. */
  readonly session?: string
}

/**
 * If one agent starts another, the environment has the variables of both and does not show their order. The first
 * match in this list is used; `--actor` and `SPEC_KITTY_ACTOR` override it. Amp comes before Claude Code because it
 * is said to set a variable of Claude Code too. Checked on 2026-11-27.
 */
const AGENTS: readonly AgentVariables[] = [
  {
    // From its program, version 0.0.1790672760 of 2026-09-29. Its manual does not mention them.
    actor: 'amp',
    sets: { AMP_CURRENT_THREAD_ID: undefined, AGENT: 'amp' },
    session: 'AMP_CURRENT_THREAD_ID',
  },
  {
    // https://code.claude.com/docs/en/env-vars
    actor: 'claude',
    sets: { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: undefined },
    session: 'CLAUDE_CODE_SESSION_ID',
  },
  {
    // https://github.com/openai/codex: codex-rs/protocol/src/shell_environment.rs, codex-rs/core/src/spawn.rs.
    // CODEX_HOME and other variables with this prefix are settings of a person.
    actor: 'codex',
    sets: {
      CODEX_THREAD_ID: undefined,
      CODEX_SANDBOX: undefined,
      CODEX_SANDBOX_NETWORK_DISABLED: '1',
    },
    session: 'CODEX_THREAD_ID',
  },
  {
    // https://github.com/google-gemini/gemini-cli: packages/core/src/services/shellExecutionService.ts
    actor: 'gemini',
    sets: { GEMINI_CLI: '1' },
  },
  {
    // https://cursor.com/docs/agent/terminal. CURSOR_TRACE_ID is also set in a person's terminal.
    actor: 'cursor',
    sets: { CURSOR_AGENT: undefined },
  },
  {
    // https://github.com/github/copilot-cli: changelog.md, 0.0.421
    actor: 'copilot',
    sets: { COPILOT_CLI: '1' },
  },
  {
    // https://github.com/anomalyco/opencode: packages/opencode/src/index.ts
    actor: 'opencode',
    sets: { OPENCODE: '1' },
  },
]

/** The current agent, and its session if it has set one. */
export type AgentHere = { readonly actor: string; readonly session: string | undefined }

const isHere = ({ sets }: AgentVariables, variables: Variables): boolean =>
  Object.entries(sets).some(([name, value]) =>
    value === undefined ? Boolean(variables[name]) : variables[name] === value,
  )

/** Detects the agent that runs this command. Returns `undefined` if there is none. */
export const detectAgent = (variables: Variables): AgentHere | undefined => {
  const agent = AGENTS.find((each) => isHere(each, variables))
  if (agent === undefined) return undefined
  const session = agent.session === undefined ? undefined : variables[agent.session]
  return { actor: agent.actor, session: session || undefined }
}
