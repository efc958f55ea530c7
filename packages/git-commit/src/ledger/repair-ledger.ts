// Repairs a ledger whose ref leads to something that is missing or damaged, as a power loss or a failing disk leaves it:
// steps back to the newest whole commit, which the reflog names, and adds again what this root holds and the commits
// after that one may have held. Nothing is deleted: the damaged commits stay where they are.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OpId, parseOpRecord } from '@kitty/record'
import { listRecords, OPS_DIR, opIdOfName, readRecord } from '@kitty/writer/internals'
import { splitPath, toTopPath } from '../git/paths.js'
import { runGit } from '../git/run-git.js'
import { readObjects } from '../objects/cat-file.js'
import { readSound } from '../objects/read-sound.js'
import { tryRead } from '../repository/head.js'
import { type Addition, additionOf, evidenceFolderOf, type OpToAdd } from './addition.js'
import type { LedgerPlace } from './ledger-place.js'
import { forgetTip, noteTip } from './own-writer.js'

/** Whether everything that a commit leads to is there and can be read. Reads the whole history. */
export const isWhole = async (top: string, commit: string): Promise<boolean> => {
  const listed = await runGit(top, ['rev-list', '--objects', '--no-object-names', commit])
  if (!listed.ok) return false
  const check = ['cat-file', '--batch-check']
  const answer = await runGit(top, check, { input: listed.stdout })
  return answer.ok && !/ missing$/m.test(answer.stdout.toString())
}

/** How many entries of the reflog are tried. */
const MAX_STEPS = 64

const ENTRY = /^([0-9a-f]+) ([0-9a-f]+) /

/** The earlier tips of a ref, newest first. */
const earlierTips = async ({ workTree, ref }: LedgerPlace): Promise<readonly string[]> => {
  const path = join(workTree.commonDir, 'logs', ...ref.split('/'))
  const log = tryRead(() => readFileSync(path, 'utf8'))
  if (log !== undefined) {
    const lines = log.split('\n').reverse()
    return lines.flatMap((line) => ENTRY.exec(line)?.[1] ?? []).slice(0, MAX_STEPS)
  }
  const tips: string[] = []
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    const found = await runGit(workTree.top, [
      'rev-parse',
      '--quiet',
      '--verify',
      `${ref}@{${step}}`,
    ])
    if (!found.ok) return tips
    tips.push(found.stdout.toString().trim())
  }
  return tips
}

const newestWhole = async (place: LedgerPlace): Promise<string | undefined> => {
  for (const tip of await earlierTips(place)) {
    if (!/^0+$/.test(tip) && (await isWhole(place.workTree.top, tip))) return tip
  }
  return undefined
}

/** Clocks of work trees in containers can differ a little, in milliseconds. */
const SLACK_MS = 60_000

/** When a commit was made, in milliseconds since 1970; 0 without a commit. */
const timeOf = async (top: string, commit: string | undefined): Promise<number> => {
  if (commit === undefined) return 0
  const shown = await runGit(top, ['show', '--no-patch', '--format=%ct', commit], {
    config: ['log.showSignature=false'],
  })
  return shown.ok ? Number(shown.stdout.toString()) * 1000 : 0
}

/** The records in HEAD that are not on disk. */
const onlyInHead = async (
  { workTree }: LedgerPlace,
  onDisk: ReadonlySet<OpId>,
): Promise<ReadonlyMap<OpId, Buffer>> => {
  const { top, prefix } = workTree
  const args = ['ls-tree', '-r', '-z', '--full-tree', 'HEAD', '--', toTopPath(prefix, OPS_DIR)]
  const listed = await runGit(top, args)
  const blobs = new Map<OpId, string>()
  for (const entry of listed.ok ? listed.stdout.toString().split('\0') : []) {
    const [, blob, path = ''] = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
    const id = opIdOfName(splitPath(path).name)
    if (blob !== undefined && id !== undefined && !onDisk.has(id)) blobs.set(id, blob)
  }
  const objects = await readSound([...blobs.values()], (ids) => readObjects(top, ids))
  return new Map(
    [...blobs].flatMap(([id, blob]) => {
      const bytes = objects.get(blob)?.bytes
      return bytes === undefined ? [] : [[id, bytes] as const]
    }),
  )
}

const filesBelow = (root: string, folder: string): readonly string[] => {
  const entries =
    tryRead(() => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) ?? []
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
}

/** The closed records of this root that were closed at this time or later. */
export const closedSince = async (
  place: LedgerPlace,
  time: number,
): Promise<readonly OpToAdd[]> => {
  const { root } = place
  const records = new Map<OpId, Buffer>()
  for (const { id } of await listRecords(root)) {
    const file = await readRecord(root, id).catch(() => undefined)
    if (file !== undefined) records.set(id, file.bytes)
  }
  const all = [...records, ...(await onlyInHead(place, new Set(records.keys())))]
  return all.flatMap(([id, bytes]) => {
    const { status, completed } = parseOpRecord(bytes, { opId: id })
    if (status !== 'closed' || Date.parse(completed.completed_at) < time) return []
    return [{ id, bytes, extras: filesBelow(root, evidenceFolderOf(id)) }]
  })
}

/**
 * Finds the newest whole commit of a damaged ledger, and what must be added to it again. The tip that this clone noted
 * becomes that commit: a crash before the ref has moved then does not look like a rewound ledger.
 */
export const stepBack = async (
  place: LedgerPlace,
): Promise<{ readonly base: string | undefined; readonly restored: readonly Addition[] }> => {
  const { root, workTree, writer, evidenceLimit } = place
  const base = await newestWhole(place)
  const since = (await timeOf(workTree.top, base)) - SLACK_MS
  const lost = await closedSince(place, since)
  const restored = await Promise.all(lost.map((op) => additionOf(root, op, evidenceLimit)))
  if (base === undefined) forgetTip(workTree.commonDir)
  else await noteTip(workTree.commonDir, writer, base)
  return { base, restored }
}
