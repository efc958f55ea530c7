import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { HookEvent } from '../../src/agents/agent.js'
import { agentNamed } from '../../src/agents/registry.js'
import { runBuilt } from './built.js'
import { plainVariables, type Run, runIn } from './in-process.js'
import { pathWithBuiltProgram } from './on-path.js'

type Hook = { readonly command?: string; readonly bash?: string; readonly hooks?: readonly Hook[] }

/** An agent that is played: its hooks run as it would run them, by a shell, with what its documentation says on standard input. */
export type PlayedAgent = {
  /** Runs the hooks of an event. Returns the answer as JSON; `undefined` if there is none. */
  fire(event: HookEvent, input: object, folder?: string): Promise<unknown>
  /** Runs the program as the agent would. */
  run(argv: readonly string[], folder?: string): Promise<Run>
  /** Opens an Op as the agent would. Returns its id. */
  open(request: string, folder?: string): Promise<string>
  readonly variables: Readonly<Record<string, string>>
}

/** Installs the hooks of an agent in a project with the built program, and plays one of its sessions. */
export const playAgent = async (
  root: string,
  name: string,
  session: string,
  flags: readonly string[] = [],
): Promise<PlayedAgent> => {
  const agent = agentNamed(name)
  const own =
    name === 'codex'
      ? { CODEX_THREAD_ID: session }
      : { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: session, CLAUDE_PROJECT_DIR: root }
  const variables = { ...own, PATH: await pathWithBuiltProgram() }
  const installed = await runIn(root, ['hooks', 'install', name, ...flags], { variables })
  if (installed.status !== 0) throw new Error(installed.stderr)
  const settings: { hooks: Readonly<Record<string, readonly Hook[]>> } = JSON.parse(
    await readFile(join(root, agent.settings.project), 'utf8'),
  )
  const fire = async (event: HookEvent, input: object, folder = root): Promise<unknown> => {
    const given = { session_id: session, cwd: folder, hook_event_name: agent.events[event] }
    const entries = settings.hooks[agent.events[event] ?? ''] ?? []
    const commands = entries.flatMap((entry) => entry.hooks ?? [entry])
    let answer: unknown
    for (const { command } of commands) {
      const run = await execa(command ?? '', {
        shell: true,
        cwd: folder,
        env: { ...plainVariables(), ...variables },
        extendEnv: false,
        input: JSON.stringify({ ...given, ...input }),
        reject: false,
      })
      if (run.exitCode !== 0 || run.stderr !== '') throw new Error(`${run.exitCode} ${run.stderr}`)
      if (run.stdout !== '') answer = JSON.parse(run.stdout)
    }
    return answer
  }
  const run = (argv: readonly string[], folder = root) => runBuilt(folder, argv, { variables })
  return {
    fire,
    run,
    open: async (request, folder) => {
      const { stdout } = await run(['do', request, '--json'], folder)
      return JSON.parse(stdout).invocation_id
    },
    variables,
  }
}
