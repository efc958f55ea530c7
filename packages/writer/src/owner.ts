import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/**
 * Who owns a lock or a mark, as text that is also safe in a file name:
 * `pid-start-host-boot-namespace`. An unknown part is `x`. A process id alone would be fooled by
 * its reuse, by a reboot and by containers that share a folder.
 */
export type Owner = string

export type Liveness = 'alive' | 'dead' | 'unknown'

/** How long an owner that cannot be judged counts as living, in milliseconds. */
export const BENEFIT_OF_DOUBT_MS = 10 * 60 * 1000

const UNKNOWN = 'x'
const OWNER = /^(\d+)-(\w+)-(\w+)-(\w+)-(\w+)$/

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

const readOr = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** Start time in clock ticks since boot: field 22 of `/proc/<pid>/stat`, after the name in brackets. */
const startOf = (pid: number): string | undefined => {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

// Without a boot id, the second of the boot tells boots apart; it drifts, so it is kept coarse.
const bootOf = (): string =>
  readOr(
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'),
    String(Math.round((Date.now() / 1000 - uptime()) / 600)),
  )

const namespaceOf = (): string =>
  readOr(() => readlinkSync('/proc/self/ns/pid'), '').replace(/\D/g, '') || UNKNOWN

let self: Owner | undefined

/** The owner that this process is. */
export const selfOwner = (): Owner => {
  self ??= [
    process.pid,
    startOf(process.pid) ?? UNKNOWN,
    shortHash(hostname()),
    shortHash(bootOf()),
    namespaceOf(),
  ].join('-')
  return self
}

const signalReaches = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const judgeByStart = (pid: number, start: string): Liveness => {
  if (start !== UNKNOWN) return startOf(pid) === start ? 'alive' : 'dead'
  // The id may have been given to another process since: living cannot be told, dead can.
  return signalReaches(pid) ? 'unknown' : 'dead'
}

/** Whether the process of an owner still lives, as far as it can be told from here. */
export const livenessOf = (owner: Owner): Liveness => {
  if (owner === selfOwner()) return 'alive'
  const [, pid, start, host, boot, namespace] = OWNER.exec(owner) ?? []
  const [, , , ourHost, ourBoot, ourNamespace] = OWNER.exec(selfOwner()) ?? []
  if (pid === undefined || start === undefined) return 'dead'
  if (host !== ourHost) return 'unknown'
  if (boot !== ourBoot) return process.platform === 'linux' ? 'dead' : 'unknown'
  if (namespace !== ourNamespace) return 'unknown'
  return judgeByStart(Number(pid), start)
}

/** Whether an owner is to be respected: it lives, or it cannot be judged and `since` is recent. */
export const countsAsLiving = (owner: Owner, since: number, now = Date.now()): boolean => {
  const liveness = livenessOf(owner)
  return liveness === 'alive' || (liveness === 'unknown' && now - since < BENEFIT_OF_DOUBT_MS)
}
