import type { Variables } from './io.js'

/** An agent, by what it sets in the environment of the commands that it runs, and nobody sets by hand. */
type Agent = {
  /** What a record calls it. */
  readonly actor: string
  /** Variables with their value; `undefined`: any but an empty one. One of them is enough. */
  readonly sets: Readonly<Record<string, string | undefined>>
  /** The variable that names its session. */
  readonly session?: string
}

/**
 * Nobody can know from the environment which of two agents was started by the other: a shell hands on what both
 * have set. The first of this list counts then; `--actor` and `SPEC_KITTY_ACTOR` say it better. Amp stands before
 * Claude Code because it is said to set that one's variable too. Looked up on 2026-11-27.
 */
const AGENTS: readonly Agent[] = [
  {
    // Read in its program, version 0.0.1790672760 of 2026-09-29; its manual is silent.
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
    // CODEX_HOME and others of that prefix are settings of a person.
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
    // https://cursor.com/docs/agent/terminal. CURSOR_TRACE_ID is in a person's terminal too.
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

/** An agent at work, and its session where it names one. */
export type AgentHere = { readonly actor: string; readonly session: string | undefined }

const isHere = ({ sets }: Agent, variables: Variables): boolean =>
  Object.entries(sets).some(([name, value]) =>
    value === undefined ? Boolean(variables[name]) : variables[name] === value,
  )

/** The agent that runs this command, as far as it gives itself away; undefined for a person. */
export const detectAgent = (variables: Variables): AgentHere | undefined => {
  const agent = AGENTS.find((each) => isHere(each, variables))
  if (agent === undefined) return undefined
  const session = agent.session === undefined ? undefined : variables[agent.session]
  return { actor: agent.actor, session: session || undefined }
}
