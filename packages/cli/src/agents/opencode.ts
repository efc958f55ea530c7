import type { Agent, InstalledHook } from './agent.js'

const handler = ({ name, command }: InstalledHook): string =>
  `  ${JSON.stringify(name)}: ${JSON.stringify(command)},\n`

/** A plugin that runs the command of an event with the session on standard input, and fails for no reason. */
const pluginText = (hooks: readonly InstalledHook[]): string => `\
// Written by "spec-kitty hooks install opencode"; removed by "spec-kitty hooks remove opencode".
import { spawn } from 'node:child_process'

const COMMANDS = {
${hooks.map(handler).join('')}}

const run = (command, cwd, input) =>
  new Promise((resolve) => {
    const child = spawn(command, { cwd, shell: true, stdio: ['pipe', 'ignore', 'ignore'] })
    child.on('error', resolve)
    child.on('close', resolve)
    child.stdin.on('error', () => {})
    child.stdin.end(JSON.stringify(input))
  })

export const SpecKitty = async ({ directory }) => ({
  event: async ({ event }) => {
    const command = COMMANDS[event.type]
    const session = event.properties?.info
    // The session of a sub-agent has a parent.
    if (!command || !session?.id || session.parentID) return
    await run(command, directory, { session_id: session.id, cwd: directory, hook_event_name: event.type })
  },
})
`

/**
 * packages/web/src/content/docs/plugins.mdx and the generated types of the SDK in https://github.com/anomalyco/opencode,
 * read on 2026-11-28. It documents no way to add context when a session starts.
 */
export const OPENCODE: Agent = {
  name: 'opencode',
  title: 'OpenCode',
  actor: 'opencode',
  home: { folder: '.config/opencode' },
  settings: { project: '.opencode/plugins/spec-kitty.js', user: 'plugins/spec-kitty.js' },
  instructions: { project: 'AGENTS.md', user: 'AGENTS.md' },
  events: { 'session-start': 'session.created', 'session-end': 'session.deleted' },
  fields: { event: 'hook_event_name', session: 'session_id', cwd: 'cwd' },
  projectVariables: [],
  form: { kind: 'file', text: pluginText },
}
