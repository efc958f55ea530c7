import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

type Closed = { readonly repository: Repository; readonly id: string; readonly path: string }

const withClosed = async (): Promise<Closed> => {
  const repository = await newRepository()
  const id = await openIn(repository.path)
  await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
  return { repository, id, path: `kitty-ops/${id}.jsonl` }
}

describe('ops restore', () => {
  it('restores what the doctor reports as missing', async () => {
    const { repository, id, path } = await withClosed()
    const bytes = await repository.read(path)
    await rm(join(repository.path, path))
    const found = await runIn(repository.path, ['doctor', 'ops'])
    expect(found.stdout).toContain('spec-kitty ops restore --all')
    expect(await jsonIn(repository.path, ['ops', 'restore', '--all'])).toMatchObject({
      status: 0,
      json: { restored: [{ invocation_id: id, path, from: 'head', how: 'created' }], left: [] },
    })
    expect(await repository.read(path)).toBe(bytes)
    expect((await runIn(repository.path, ['doctor', 'ops'])).stdout).toBe('Healthy.\n')
  })

  it('prints the source of a record, what was left, and that nothing was missing', async () => {
    const { repository, id, path } = await withClosed()
    const run = (...argv: string[]) => runIn(repository.path, ['ops', 'restore', ...argv])
    expect(await run('--all')).toEqual({
      status: 0,
      stdout: 'No record is missing.\n',
      stderr: '',
    })
    expect(await run(id)).toMatchObject({
      status: 0,
      stdout: `left  ${path} is already on disk, unchanged.\n`,
    })
    await rm(join(repository.path, path))
    expect((await run(id.slice(0, 20))).stdout).toBe(`restored  ${path} from git\n`)
    await repository.write(path, 'mine')
    const { status, stdout } = await run(id)
    expect(status).toBe(1)
    expect(stdout).toContain('it was left unchanged')
    expect(stdout).toContain(
      'Move it away, then try again. To see how it differs: git diff HEAD -- ',
    )
  })

  it.each([[[]], [['--all', '01K']]])('requires ids or --all: %j', async (argv) => {
    const { path } = await newRepository()
    const { status, json } = await jsonIn(path, ['ops', 'restore', ...argv])
    expect({ status, json }).toMatchObject({ status: 2, json: { error: { code: 'USAGE' } } })
  })
})
