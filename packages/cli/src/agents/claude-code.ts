import { type Agent, hookSpecificOutput, SNAKE_FIELDS, timeoutSeconds } from './agent.js'

/** https://code.claude.com/docs/en/hooks, read on 2026-11-28. */
export const CLAUDE_CODE: Agent = {
  name: 'claude-code',
  title: 'Claude Code',
  actor: 'claude',
  home: { variable: 'CLAUDE_CONFIG_DIR', folder: '.claude' },
  settings: { project: '.claude/settings.json', user: 'settings.json' },
  instructions: { project: 'CLAUDE.md', user: 'CLAUDE.md' },
  skill: {
    project: '.claude/skills/spec-kitty/SKILL.md',
    user: 'skills/spec-kitty/SKILL.md',
  },
  events: {
    'session-start': 'SessionStart',
    prompt: 'UserPromptSubmit',
    'subagent-start': 'SubagentStart',
    'subagent-stop': 'SubagentStop',
    stop: 'Stop',
    'session-end': 'SessionEnd',
  },
  fields: SNAKE_FIELDS,
  projectVariables: ['CLAUDE_PROJECT_DIR'],
  form: {
    kind: 'json',
    entry: ({ event, command }) => ({
      hooks: [{ type: 'command', command, timeout: timeoutSeconds(event) }],
    }),
  },
  addContext: hookSpecificOutput,
  hold: (reason) => ({ decision: 'block', reason }),
}
