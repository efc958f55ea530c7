import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const closedIn = async (cwd: string): Promise<string> => {
  const id = await openIn(cwd)
  await runIn(cwd, ['ops', 'complete', id, '--outcome', 'done'])
  return id
}

/** A fresh clone of a repository with a store at the top and one below it. */
const clonedStores = async () => {
  const repository = await newRepository()
  const sub = join(repository.path, 'sub')
  await mkdir(join(sub, 'kitty-ops'), { recursive: true })
  const ids = [await closedIn(repository.path), await closedIn(sub)] as const
  const clone = await tempFolder()
  await repository.git('clone', '--quiet', repository.path, clone)
  return { clone, top: ids[0], below: ids[1] }
}

it('`--all` lists the Ops of all stores in a fresh clone, and where they are', async () => {
  const { clone, top, below } = await clonedStores()
  const root = join(clone, 'sub')
  const { json } = await jsonIn(clone, ['ops', 'list', '--all'])
  expect(json).toMatchObject({
    ops: [
      {
        invocation_id: below,
        in: ['disk', 'head'],
        work_tree: { path: clone, root, status: 'present' },
      },
      { invocation_id: top, in: ['disk', 'head'] },
    ],
  })
  const from = await jsonIn(root, ['ops', 'list', '--all'])
  expect(from.json).toMatchObject({
    ops: [{ invocation_id: below }, { invocation_id: top, work_tree: { path: clone } }],
  })
  expect((await jsonIn(clone, ['ops', 'list'])).json).toMatchObject({
    ops: [{ invocation_id: top }],
  })
})

it('a store that is not on the disk is listed from HEAD', async () => {
  const { clone, below } = await clonedStores()
  await rm(join(clone, 'sub'), { recursive: true })
  const { json } = await jsonIn(clone, ['ops', 'list', '--all'])
  expect(json).toMatchObject({ ops: [{ invocation_id: below, in: ['head'] }, {}] })
})

it('`ops show` finds an Op of another store', async () => {
  const { clone, below } = await clonedStores()
  const { status, json } = await jsonIn(clone, ['ops', 'show', below])
  expect({ status, json }).toMatchObject({ status: 0, json: { op: { invocation_id: below } } })
})

it.skipIf(process.platform === 'win32')('a store that cannot be read is named', async () => {
  const { clone, top } = await clonedStores()
  await rm(join(clone, 'sub', 'kitty-ops'), { recursive: true })
  await symlink(clone, join(clone, 'sub', 'kitty-ops'))
  const { status, json, stderr } = await jsonIn(clone, ['ops', 'list', '--all'])
  expect({ status, json }).toMatchObject({ status: 0, json: { ops: [{}, { invocation_id: top }] } })
  expect(stderr).toContain(`The store ${join(clone, 'sub')} could not be read: Refused to follow`)
})
