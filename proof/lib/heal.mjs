// What people do after a crash: they go on working, or they ask the doctor.
import { unlinkSync } from 'node:fs'
import { archive, doctorOps } from '@kitty/doctor'
import { locksLeft } from './examine.mjs'
import { storeAt } from './scenarios.mjs'

const isOpen = async (ops, id) => (await ops.read(id)).record.status === 'open'

const close = (ops, id) =>
  ops.complete(id, { outcome: 'done' }).catch((error) => {
    // The close that was cut off is finished, or was swept meanwhile, and this one is told so.
    if (error.code !== 'ALREADY_CLOSED') throw error
  })

/** The command again, as its caller would: what was not closed is closed now. */
const goOn = async (root, { scenario, victims }) => {
  const ops = await storeAt(root)
  if (scenario === 'archiving') {
    await archive({ ops, olderThanDays: 30 })
    return
  }
  for (const id of victims) {
    if (scenario === 'opening' || (await isOpen(ops, id))) await close(ops, id)
  }
}

const another = async (root) => {
  const ops = await storeAt(root)
  const { invocation_id } = await ops.start({
    profile_id: 'prover',
    action: 'heal',
    request_text: 'Go on.',
    actor: 'x',
  })
  await ops.complete(invocation_id, { outcome: 'done' })
}

const MINUTES = 60_000

/** The doctor, so many minutes from now. */
const doctorIn = async (root, minutes = 0) =>
  doctorOps({
    ops: await storeAt(root),
    fix: true,
    clock: () => new Date(Date.now() + minutes * MINUTES),
  })

export const WAYS = { 'next completion': another, 'doctor --fix': (root) => doctorIn(root) }

/** What the doctor tells people to delete, and nothing else, is deleted. */
const deleteAsTold = (locks, { findings }) => {
  const told = findings.filter(({ id, fixable }) => id === 'ref-lock' && !fixable)
  const paths = new Set(told.map(({ path }) => path))
  const unsaid = locks.filter((lock) => !paths.has(lock))
  if (unsaid.length > 0) throw new Error(`Nobody is told of ${unsaid.join(', ')}`)
  for (const lock of locks) unlinkSync(lock)
}

/**
 * Heals in one way, after what was cut off was asked for again. Gives what it took besides: nothing; a minute,
 * after which the doctor removes the lock of a dead git of ours; or a person who deletes a lock, as the doctor
 * says, where nobody can prove whose it is.
 */
export const heal = async (root, scene, way) => {
  await goOn(root, scene)
  await WAYS[way](root)
  if (locksLeft(root).length === 0) return 'nothing'
  const report = await doctorIn(root, 2)
  const left = locksLeft(root)
  if (left.length > 0) deleteAsTold(left, report)
  await goOn(root, scene)
  await doctorIn(root)
  return left.length > 0 ? 'a hand' : 'a minute'
}
