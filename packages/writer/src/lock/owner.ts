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
export const UNKNOWN_OWNER_TTL_MS = 10 * 60 * 1000

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

type ProcessFacts = { readonly start: string; readonly ended: boolean }

/**
 * From `/proc/<pid>/stat`, after the name in brackets: its state, and its start time in clock ticks
 * since boot. A process that has ended is still listed until its parent has asked how.
 */
const factsOf = (pid: number): ProcessFacts | undefined => {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', start] = [fields[0], fields[19]]
  return start === undefined ? undefined : { start, ended: 'ZXx'.includes(state) }
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
    factsOf(process.pid)?.start ?? UNKNOWN,
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

const livenessByStart = (pid: number, start: string): Liveness => {
  const facts = factsOf(pid)
  if (facts?.ended === true) return 'dead'
  if (facts !== undefined && start !== UNKNOWN) return facts.start === start ? 'alive' : 'dead'
  // No start time to compare, or processes of others are hidden: living cannot be told, dead can.
  return signalReaches(pid) ? 'unknown' : 'dead'
}

/** Whether the process of an owner still lives, as far as it can be told from here. */
export const ownerLiveness = (owner: Owner): Liveness => {
  if (owner === selfOwner()) return 'alive'
  const [, pid, start, host, boot, namespace] = OWNER.exec(owner) ?? []
  const [, , , ourHost, ourBoot, ourNamespace] = OWNER.exec(selfOwner()) ?? []
  if (pid === undefined || start === undefined) return 'dead'
  if (host !== ourHost) return 'unknown'
  if (boot !== ourBoot) return process.platform === 'linux' ? 'dead' : 'unknown'
  if (namespace !== ourNamespace) return 'unknown'
  return livenessByStart(Number(pid), start)
}

/** Whether an owner is to be respected: it lives, or it cannot be judged and `since` is recent. */
export const isPresumedAlive = (owner: Owner, since: number, now = Date.now()): boolean => {
  const liveness = ownerLiveness(owner)
  return liveness === 'alive' || (liveness === 'unknown' && now - since < UNKNOWN_OWNER_TTL_MS)
}
