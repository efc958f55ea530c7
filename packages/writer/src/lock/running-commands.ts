import { readdirSync, readFileSync } from 'node:fs'
import { isOpId, type OpId } from '@kitty/record'
import { type Owner, ownerLiveness } from './owner.js'

/** The variable in which a command finds the id of the Op that it runs under. */
const OP_VARIABLE = 'SPEC_KITTY_OP'

/** The variable with the session of processes that the command was started in. */
const SESSION_VARIABLE = 'SPEC_KITTY_OP_SID'

const read = <T>(attempt: () => T, none: T): T => {
  try {
    return attempt()
  } catch {
    // The process has ended, or belongs to another user.
    return none
  }
}

/** The session of a process, as processes in its own namespace see it; `undefined` if the system does not say. */
const sessionOf = (pid: string): string | undefined =>
  /^NSsid:.*?(\d+)$/m.exec(read(() => readFileSync(`/proc/${pid}/status`, 'latin1'), ''))?.[1]

/** The variables by which a command that this process starts under an Op is known, also if this process is killed. */
export const commandVariables = (id: OpId): Readonly<Record<string, string>> => {
  const session = sessionOf('self')
  return { [OP_VARIABLE]: id, ...(session !== undefined && { [SESSION_VARIABLE]: session }) }
}

const valueIn = (variables: readonly string[], name: string): string | undefined =>
  variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)

const opOfProcess = (pid: string): OpId | undefined => {
  const variables = read(() => readFileSync(`/proc/${pid}/environ`, 'latin1'), '').split('\0')
  const id = valueIn(variables, OP_VARIABLE)
  if (!isOpId(id)) return undefined
  const [session, own] = [valueIn(variables, SESSION_VARIABLE), sessionOf(pid)]
  // A daemon starts a session of its own. It inherits the variables, and is no part of the command.
  const isDaemon = session !== undefined && own !== undefined && own !== session
  return isDaemon ? undefined : id
}

/**
 * Returns the Ops under which a command provably runs on this machine, also if the process that started it was killed.
 * Only Linux shows the variables of other processes, of the same user; elsewhere none is known.
 */
export const opsOfRunningCommands = (): ReadonlySet<OpId> => {
  const pids = read(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name))
  return new Set(pids.flatMap((pid) => opOfProcess(pid) ?? []))
}

/**
 * Whether the process that opened an Op may still work on it, or the command that it started. If that is unknown, it
 * counts as working: the doctor finds an Op that is left open, but nothing finds a wrong outcome.
 */
export const mayBeWorkedOn = (
  id: OpId,
  // See `StartNote`.
  {
    opener,
    command,
  }: { readonly opener?: Owner | undefined; readonly command?: boolean | undefined },
): boolean => {
  if (opener === undefined) return false
  if (ownerLiveness(opener) !== 'dead') return true
  return command === true && opsOfRunningCommands().has(id)
}
