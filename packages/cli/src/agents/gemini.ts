import { type Agent, hookSpecificOutput, SNAKE_FIELDS, timeoutSeconds } from './agent.js'

/** docs/hooks/reference.md in https://github.com/google-gemini/gemini-cli, read on 2026-11-28. */
export const GEMINI: Agent = {
  name: 'gemini',
  title: 'Gemini CLI',
  actor: 'gemini',
  home: { folder: '.gemini' },
  settings: { project: '.gemini/settings.json', user: 'settings.json' },
  instructions: { project: 'GEMINI.md', user: 'GEMINI.md' },
  events: { 'session-start': 'SessionStart', 'session-end': 'SessionEnd' },
  fields: SNAKE_FIELDS,
  projectVariables: ['GEMINI_PROJECT_DIR', 'CLAUDE_PROJECT_DIR'],
  form: {
    kind: 'json',
    entry: ({ event, command }) => ({
      // In milliseconds.
      hooks: [{ type: 'command', command, timeout: timeoutSeconds(event) * 1000 }],
    }),
  },
  addContext: hookSpecificOutput,
}
