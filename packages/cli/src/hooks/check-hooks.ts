import type { Check, Finding } from '@kitty/doctor'
import { AGENTS } from '../agents/registry.js'
import type { Io } from '../command/io.js'
import type { ProgramName } from '../command/program.js'
import { findInstalled, type Installed, missingEvents } from './installation.js'
import { findOnPath } from './on-path.js'

const ID = 'agent-hooks'

const finding = (
  severity: Finding['severity'],
  message: string,
  { agent, scope, path }: Installed,
  next: Finding['next'],
): Finding => ({
  id: ID,
  severity,
  ...(scope === 'project' && { path }),
  message: `${agent}: ${message}`,
  fixable: false,
  next,
})

/** Runs a command in a folder. Returns why it failed, or `undefined` if it did not. */
export type WhyNotRunning = (command: readonly string[], cwd: string) => Promise<string | undefined>

/** The check that installed hooks run: their program starts, and they are those that this version installs. */
export const hooksCheck = (
  { variables }: Io,
  program: ProgramName,
  whyNotRunning: WhyNotRunning,
): Check => ({
  id: ID,
  run: async ({ ops: { root } }) => {
    const sites = AGENTS.flatMap((agent) =>
      (['project', 'user'] as const).map((scope) => ({ agent, scope, root, variables, program })),
    )
    const installed = sites.flatMap((site) => {
      const found = findInstalled(site)
      return found ? [{ found, missing: missingEvents(site, found) }] : []
    })
    const findings: Finding[] = []
    const failures = new Map<string, string>()
    const path = variables.PATH ?? variables.Path ?? ''
    for (const bin of new Set(installed.flatMap(({ found }) => found.programs))) {
      const at = findOnPath(bin, path)
      const why =
        at === undefined
          ? 'It is not on the PATH here.'
          : await whyNotRunning([at, '--version'], root)
      if (why !== undefined) failures.set(bin, why)
    }
    for (const { found, missing } of installed) {
      const failed = found.programs.find((bin) => failures.has(bin))
      const again = {
        verb: 'hooks-install' as const,
        path: found.agent,
        to: `${found.scope === 'user' ? ' --user' : ''}${found.capture ? ' --capture' : ''}`,
      }
      if (found.problem !== undefined) {
        findings.push(
          finding('warning', `its settings cannot be read. ${found.problem}`, found, []),
        )
      } else if (failed !== undefined) {
        const why = failures.get(failed)?.replace(/\.?$/, '.')
        const message = `its hooks do nothing: "${failed}" does not run. ${why} It must work on the PATH that the agent starts with.`
        findings.push(finding('warning', message, found, []))
      } else if (found.events.length > 0 && missing.length > 0) {
        const message = `hooks are missing that this version installs: ${missing.join(', ')}.`
        findings.push(finding('info', message, found, [again]))
      }
    }
    return findings
  },
})
