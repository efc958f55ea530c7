import { type Agent, timeoutSeconds } from './agent.js'

/** "GitHub Copilot hooks reference" (content/copilot/reference/hooks-reference.md in github/docs), read on 2026-11-28. */
export const COPILOT: Agent = {
  name: 'copilot',
  title: 'Copilot CLI',
  actor: 'copilot',
  home: { variable: 'COPILOT_HOME', folder: '.copilot' },
  settings: { project: '.github/hooks/spec-kitty.json', user: 'hooks/spec-kitty.json' },
  instructions: { project: 'AGENTS.md', user: 'copilot-instructions.md' },
  events: { 'session-start': 'sessionStart', 'session-end': 'sessionEnd' },
  fields: { session: 'sessionId', cwd: 'cwd' },
  projectVariables: [],
  form: {
    kind: 'json',
    required: { version: 1 },
    entry: ({ event, command }) => ({
      type: 'command',
      bash: command,
      // Windows PowerShell has no `||`.
      powershell: command.replace(' || exit 0', '; exit 0'),
      timeoutSec: timeoutSeconds(event),
    }),
  },
  addContext: (_, additionalContext) => ({ additionalContext }),
}
