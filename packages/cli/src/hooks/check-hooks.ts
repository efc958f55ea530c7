import type { Check, Finding } from '@kitty/doctor'
import { execa } from 'execa'
import { AGENTS } from '../agents/registry.js'
import type { Io } from '../command/io.js'
import type { ProgramName } from '../command/program.js'
import { findInstalled, type Installed, missingEvents } from './installation.js'

const ID = 'agent-hooks'
const TIMEOUT_MS = 20_000

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

/** Why the program does not run from a shell's `PATH`. Returns `undefined` if it does. */
const whyNotRunning = async ({ bin }: ProgramName, { variables, cwd }: Io) => {
  const { failed, shortMessage } = await execa(bin, ['--version'], {
    env: { ...variables },
    extendEnv: false,
    cwd,
    reject: false,
    timeout: TIMEOUT_MS,
    stdin: 'ignore',
  })
  return failed ? shortMessage : undefined
}

/** The check that installed hooks run: their program starts, and they are those that this version installs. */
export const hooksCheck = (io: Io, program: ProgramName): Check => ({
  id: ID,
  run: async ({ ops: { root } }) => {
    const { variables } = io
    const sites = AGENTS.flatMap((agent) =>
      (['project', 'user'] as const).map((scope) => ({ agent, scope, root, variables, program })),
    )
    const installed = sites.flatMap((site) => {
      const found = findInstalled(site)
      return found ? [{ found, missing: missingEvents(site, found) }] : []
    })
    const findings: Finding[] = []
    const why = installed.some(({ found }) => found.events.length > 0)
      ? await whyNotRunning(program, { ...io, cwd: root })
      : undefined
    for (const { found, missing } of installed) {
      const again = {
        verb: 'hooks-install' as const,
        path: found.agent,
        to: `${found.scope === 'user' ? ' --user' : ''}${found.capture ? ' --capture' : ''}`,
      }
      if (found.problem !== undefined) {
        findings.push(finding('warning', `its settings cannot be read. ${found.problem}`, found, []))
      } else if (found.events.length > 0 && why !== undefined) {
        const message = `its hooks do nothing: "${program.bin}" does not run. ${why} Put it on the PATH that the agent starts with.`
        findings.push(finding('warning', message, found, []))
      } else if (found.events.length > 0 && missing.length > 0) {
        const message = `hooks are missing that this version installs: ${missing.join(', ')}.`
        findings.push(finding('info', message, found, [again]))
      }
    }
    return findings
  },
})
