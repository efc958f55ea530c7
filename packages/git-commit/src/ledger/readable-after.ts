import { isOpId, type OpId } from '@kitty/record'
import { runGit } from '../git/run-git.js'
import { readObjects } from '../objects/cat-file.js'
import type { Addition } from './addition.js'

type FoundObject = { readonly mode: string; readonly type: string; readonly id: string }

const ENTRY = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s

/** The entries of a tree, by name; none if it cannot be read. */
const entriesOf = async (
  top: string,
  tree: string | undefined,
): Promise<ReadonlyMap<string, FoundObject>> => {
  const entries = new Map<string, FoundObject>()
  const listed = tree === undefined ? undefined : await runGit(top, ['ls-tree', '-z', tree])
  for (const line of listed?.ok ? listed.stdout.toString().split('\0') : []) {
    const [, mode, type, id, name] = ENTRY.exec(line) ?? []
    if (mode && type && id && name) entries.set(name, { mode, type, id })
  }
  return entries
}

type File = { readonly path: string; readonly blob: string }

/** The regular files of a tree that another one lacks, or has with other bytes. */
const filesAfter = async (
  top: string,
  tree: string,
  base: string | undefined,
  folder = '',
): Promise<readonly File[]> => {
  const files: File[] = []
  const [now, before] = [await entriesOf(top, tree), await entriesOf(top, base)]
  for (const [name, { mode, type, id }] of now) {
    const known = before.get(name)?.id
    if (known === id) continue
    const path = `${folder}${name}`
    if (type === 'tree') files.push(...(await filesAfter(top, id, known, `${path}/`)))
    else if (mode.startsWith('100')) files.push({ path, blob: id })
  }
  return files
}

const readBlob = async (top: string, blob: string): Promise<Buffer | undefined> => {
  const read = await readObjects(top, [blob]).catch(() => undefined)
  return read?.get(blob)?.bytes
}

/** The Op whose record, evidence or note has this path. */
const opOfPath = (path: string): OpId | undefined => {
  const name = path.split('/').find((part) => isOpId(part.replace(/\.jsonl$/, '')))
  const id = name?.replace(/\.jsonl$/, '')
  return isOpId(id) ? id : undefined
}

/** Reads what a damaged commit of a ledger has and an earlier one lacks, as far as it can be read. */
export const readableAfter = async (
  top: string,
  damaged: string,
  base: string | undefined,
): Promise<readonly Addition[]> => {
  const found = new Map<OpId, Addition>()
  for (const { path, blob } of await filesAfter(top, damaged, base)) {
    const id = opOfPath(path)
    const bytes = id && (await readBlob(top, blob))
    if (id === undefined || bytes === undefined) continue
    const changes = [...(found.get(id)?.changes ?? []), { kind: 'write' as const, path, bytes }]
    found.set(id, { id, changes, notes: [] })
  }
  return [...found.values()]
}
