// Repairs a repository after a crash as people do: with the next completion, or with the doctor.
import { execFileSync } from 'node:child_process'
import { unlinkSync } from 'node:fs'
import { doctorOps } from '@kitty/doctor'
import { locksLeft } from './examine.mjs'
import { ADOPT, storeAt } from './scenarios.mjs'

const isOpen = async (ops, id) => (await ops.read(id)).record.status === 'open'

const close = (ops, id) =>
  ops.complete(id, { outcome: 'done' }).catch((error) => {
    // The interrupted close was finished, or a sweep closed the Op.
    if (error.code !== 'ALREADY_CLOSED') throw error
  })

/** Repeats the interrupted command: archives, or closes what is still open. */
const repeatCommand = async (root, { scenario, affected, opens, isElsewhere }) => {
  const ops = await storeAt(root)
  if (isElsewhere) {
    execFileSync(process.execPath, [ADOPT, ...affected], { cwd: root })
    return
  }
  if (scenario === 'archiving') {
    await ops.archive({ olderThanDays: 30 })
    return
  }
  for (const id of affected) {
    if (opens || (await isOpen(ops, id))) await close(ops, id)
  }
}

const completeAnother = async (root) => {
  const ops = await storeAt(root)
  const { id } = await ops.start({
    profile_id: 'prover',
    action: 'repair',
    request_text: 'Go on.',
    actor: 'x',
  })
  await ops.complete(id, { outcome: 'done' })
}

const MINUTES = 60_000

/** Runs the doctor with `fix`, and a clock that is some minutes ahead. */
const runDoctor = async (root, minutes = 0) =>
  doctorOps({
    ops: await storeAt(root),
    fix: true,
    clock: () => new Date(Date.now() + minutes * MINUTES),
  })

export const WAYS = {
  'next completion': completeAnother,
  'doctor --fix': (root) => runDoctor(root),
}

/** Deletes the locks that the doctor tells a person to delete. Throws if one of the locks is not reported. */
const deleteReported = (locks, { findings }) => {
  const reported = findings.filter(({ id, fixable }) => id === 'ref-lock' && !fixable)
  const paths = new Set(reported.map(({ path }) => path))
  const unreported = locks.filter((lock) => !paths.has(lock))
  if (unreported.length > 0) throw new Error(`The doctor did not report ${unreported.join(', ')}`)
  for (const lock of locks) unlinkSync(lock)
}

/**
 * Repeats the interrupted command, and repairs the repository in one of the ways. Returns what else it took:
 * `nothing`; `the doctor later`, which after a minute removes the lock of a dead git that this software started; or
 * `a person`, who deletes a lock that the doctor reports because nothing proves whose it is.
 */
export const heal = async (root, prepared, way) => {
  await repeatCommand(root, prepared)
  await WAYS[way](root)
  if (locksLeft(root).length === 0) return 'nothing'
  const report = await runDoctor(root, 2)
  const left = locksLeft(root)
  if (left.length > 0) deleteReported(left, report)
  await repeatCommand(root, prepared)
  await runDoctor(root)
  return left.length > 0 ? 'a person' : 'the doctor later'
}
