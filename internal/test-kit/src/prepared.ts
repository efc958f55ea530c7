import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prepared = new Map<string, Promise<string>>()

const prepare = async (make: (folder: string) => Promise<void>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'kitty-prepared-'))
  await make(folder)
  return folder
}

/** Fills an empty folder with a copy of what `make` makes. `make` runs once in a process for each name. */
export const copyPrepared = async (
  name: string,
  make: (folder: string) => Promise<void>,
  into: string,
): Promise<void> => {
  const source = prepared.get(name) ?? prepare(make)
  prepared.set(name, source)
  await cp(await source, into, { recursive: true, verbatimSymlinks: true })
}
