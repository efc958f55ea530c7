import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { selfOwner } from '../../src/lock/owner.js'
import type { OpsOptions } from '../../src/ops/context.js'
import { type Ops, openOps } from '../../src/ops/ops.js'
import type { StartRequest } from '../../src/ops/start-op.js'
import { toAbsolute } from '../../src/project/paths.js'
import type { CloseIntent } from '../../src/state/intent.js'
import { listIntents, readIntent } from '../../src/state/intent-store.js'
import { StateFolder } from '../../src/state/state-folder.js'

export const REQUEST: StartRequest = {
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does it fail?',
}

export const DONE = { outcome: 'done' } as const

/** A store in a folder, without waiting for the disk. */
export const openIn = (root: string, options: Partial<OpsOptions> = {}): Promise<Ops> =>
  openOps({ root, durability: 'process', ...options })

/** A store in a new folder outside git. */
export const openStore = async (options: Partial<OpsOptions> = {}): Promise<Ops> =>
  openIn(await tempFolder(), options)

/** The state folder; the first Op would create it, but here it exists before. */
export const stateOf = async ({ root }: Ops): Promise<string> => {
  const folder = await StateFolder.find(root)
  await folder.ensure()
  return folder.dir
}

/** The text on disk at a path relative to the root. */
export const textAt = (ops: Ops, path: string): Promise<string> =>
  readFile(toAbsolute(ops.root, path), 'utf8')

/** The lines of a record, parsed. */
export const eventsAt = async (ops: Ops, path: string): Promise<Record<string, unknown>[]> =>
  (await textAt(ops, path))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

export const intentOf = async (ops: Ops, id: OpId): Promise<CloseIntent | undefined> =>
  readIntent(await stateOf(ops), id)

export const intentIds = async (ops: Ops): Promise<OpId[]> => listIntents(await stateOf(ops))

/** Every file in the state folder that is an intent or the draft of one. */
export const pendingNames = async (ops: Ops): Promise<string[]> =>
  readdir(join(await stateOf(ops), 'pending'))

/** An owner with this machine's host, boot and namespace, and a process that never existed. */
export const deadOwner = (): string => selfOwner().replace(/^\d+-\w+/, '99999999-1')

/** An owner with this process's id and another start time: the id was reused. */
export const reusedOwner = (): string => selfOwner().replace(/^(\d+)-\w+/, '$1-1')

/** The code of what a promise rejects with. */
export const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'did not reject',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

/** The content of every file below a folder, in one text. */
export const contentsBelow = async (root: string): Promise<string> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}
