import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/**
 * The process that owns a lock or an intent, as text that is safe in a file name:
 * `pid-start-host-boot-namespace`. An unknown part is `x`. A process id alone is ambiguous: it is reused,
 * also after a reboot, and containers can share a folder.
 */
export type Owner = string

/** Whether a process is alive; `unknown` if this process cannot determine it. */
export type Liveness = 'alive' | 'dead' | 'unknown'

/** How long an owner of unknown liveness counts as alive, in milliseconds. */
export const UNKNOWN_OWNER_TTL_MS = 10 * 60 * 1000

const UNKNOWN = 'x'
const OWNER = /^(\d+)-(\w+)-(\w+)-(\w+)-(\w+)$/

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

const readOr = <T>(read: () => T, fallback: T): T => {
  try {
    return read()
  } catch {
    return fallback
  }
}

type ProcessFacts = { readonly start: string; readonly ended: boolean }

/**
 * Reads `/proc/<pid>/stat` after the name in brackets: the state, and the start time in clock ticks since
 * boot. A process that has ended stays listed until its parent reads its exit status.
 */
const factsOf = (pid: number): ProcessFacts | undefined => {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', start] = [fields[0], fields[19]]
  return start === undefined ? undefined : { start, ended: 'ZXx'.includes(state) }
}

// Without a boot id, the boot time identifies the boot; it drifts, so it is rounded to ten minutes.
const bootOf = (): string =>
  readOr(
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'),
    String(Math.round((Date.now() / 1000 - uptime()) / 600)),
  )

const namespaceOf = (): string =>
  readOr(() => readlinkSync('/proc/self/ns/pid'), '').replace(/\D/g, '') || UNKNOWN

let self: Owner | undefined

/** This process as an owner. */
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
  // No start time to compare, or other users' processes are hidden: only `dead` is certain.
  return signalReaches(pid) ? 'unknown' : 'dead'
}

/** Whether an owner's process is still alive, as far as this process can determine. */
export const ownerLiveness = (owner: Owner): Liveness => {
  if (owner === selfOwner()) return 'alive'
  const [, pid, start, host, boot, namespace] = OWNER.exec(owner) ?? []
  const [, , , ownHost, ownBoot, ownNamespace] = OWNER.exec(selfOwner()) ?? []
  if (pid === undefined || start === undefined) return 'dead'
  if (host !== ownHost) return 'unknown'
  if (boot !== ownBoot) return process.platform === 'linux' ? 'dead' : 'unknown'
  if (namespace !== ownNamespace) return 'unknown'
  return livenessByStart(Number(pid), start)
}

/** Whether an owner counts as alive: it is, or its liveness is unknown and `since` is recent (10 minutes). */
export const isPresumedAlive = (owner: Owner, since: number, now = Date.now()): boolean => {
  const liveness = ownerLiveness(owner)
  return liveness === 'alive' || (liveness === 'unknown' && now - since < UNKNOWN_OWNER_TTL_MS)
}
