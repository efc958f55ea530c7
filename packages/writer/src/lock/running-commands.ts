import { readdirSync, readFileSync } from 'node:fs'
import { isOpId, type OpId } from '@kitty/record'

/** The variable in which a command finds the id of the Op that it runs under. */
export const OP_VARIABLE = 'SPEC_KITTY_OP'

const read = <T>(attempt: () => T, none: T): T => {
  try {
    return attempt()
  } catch {
    // The process has ended, or belongs to another user.
    return none
  }
}

const opOfProcess = (pid: string): OpId | undefined => {
  const variables = read(() => readFileSync(`/proc/${pid}/environ`, 'latin1'), '').split('\0')
  const id = variables.find((each) => each.startsWith(`${OP_VARIABLE}=`))
  const value = id?.slice(OP_VARIABLE.length + 1)
  return isOpId(value) ? value : undefined
}

/**
 * Returns the Ops under which a command provably runs on this machine, also if the process that started it was killed.
 * Only Linux shows the variables of other processes, of the same user; elsewhere none is known.
 */
export const opsOfRunningCommands = (): ReadonlySet<OpId> => {
  const pids = read(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name))
  return new Set(pids.flatMap((pid) => opOfProcess(pid) ?? []))
}
