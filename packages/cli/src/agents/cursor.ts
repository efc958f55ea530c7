import { type Agent, timeoutSeconds } from './agent.js'

/** https://cursor.com/docs/hooks.md, read on 2026-11-28. */
export const CURSOR: Agent = {
  name: 'cursor',
  title: 'Cursor',
  actor: 'cursor',
  home: { folder: '.cursor' },
  settings: { project: '.cursor/hooks.json', user: 'hooks.json' },
  // Rules of a user are in its settings, not in a file.
  instructions: { project: 'AGENTS.md' },
  events: { 'session-start': 'sessionStart', 'session-end': 'sessionEnd' },
  fields: { event: 'hook_event_name', session: 'session_id', cwd: 'workspace_roots' },
  projectVariables: ['CURSOR_PROJECT_DIR', 'CLAUDE_PROJECT_DIR'],
  form: {
    kind: 'json',
    required: { version: 1 },
    entry: ({ event, command }) => ({ command, timeout: timeoutSeconds(event) }),
  },
  addContext: (_, additional_context) => ({ additional_context }),
}
