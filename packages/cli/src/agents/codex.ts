import { type Agent, hookSpecificOutput, SNAKE_FIELDS, timeoutSeconds } from './agent.js'

/**
 * https://developers.openai.com/codex/hooks and codex-rs/hooks/schema/generated in https://github.com/openai/codex,
 * read on 2026-11-28. It documents no end of a session.
 */
export const CODEX: Agent = {
  name: 'codex',
  title: 'Codex CLI',
  actor: 'codex',
  home: { variable: 'CODEX_HOME', folder: '.codex' },
  settings: { project: '.codex/hooks.json', user: 'hooks.json' },
  instructions: { project: 'AGENTS.md', user: 'AGENTS.md' },
  events: {
    'session-start': 'SessionStart',
    prompt: 'UserPromptSubmit',
    'subagent-start': 'SubagentStart',
    'subagent-stop': 'SubagentStop',
    stop: 'Stop',
  },
  fields: SNAKE_FIELDS,
  projectVariables: [],
  form: {
    kind: 'json',
    entry: ({ event, command }) => ({
      hooks: [{ type: 'command', command, timeout: timeoutSeconds(event) }],
    }),
  },
  addContext: hookSpecificOutput,
  hold: (reason) => ({ decision: 'block', reason }),
}
