import type { Agent } from './agent.js'
import { CLAUDE_CODE } from './claude-code.js'
import { CODEX } from './codex.js'
import { COPILOT } from './copilot.js'
import { CURSOR } from './cursor.js'
import { GEMINI } from './gemini.js'
import { OPENCODE } from './opencode.js'

/** Every agent that this program has hooks for. */
export const AGENTS: readonly Agent[] = [CLAUDE_CODE, CODEX, COPILOT, GEMINI, CURSOR, OPENCODE]

export const AGENT_NAMES = AGENTS.map(({ name }) => name)

/** The agent with a name. Without one, hooks speak as Claude Code. */
export const agentNamed = (name: string | undefined): Agent =>
  AGENTS.find((agent) => agent.name === name) ?? CLAUDE_CODE
