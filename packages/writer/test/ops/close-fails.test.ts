import { chmod, mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendUnderIntent } from '../../src/ops/complete-op.js'
import { createContext } from '../../src/ops/context.js'
import { toAbsolute } from '../../src/project/paths.js'
import { readRecord } from '../../src/records/record-file.js'
import { newIntent } from '../../src/state/intent.js'
import { intentIds, openStore, REQUEST, stateOf, textAt } from '../support/store.js'

const prepared = async () => {
  const ops = await openStore()
  const { id, path } = await ops.start(REQUEST)
  const context = await createContext({ root: ops.root, durability: 'power' })
  const file = await readRecord(ops.root, id)
  if (file === undefined) throw new Error('The record is there.')
  const bytes = Buffer.concat([file.bytes, Buffer.from('{"event":"completed"}\n')])
  return { ops, id, path, context, file, intent: newIntent(context, id, bytes, []) }
}

describe('a close that cannot be written', () => {
  it('leaves no intent, and the record unchanged', async () => {
    const { ops, path, context, file, intent } = await prepared()
    const absolute = toAbsolute(ops.root, path)
    const before = await textAt(ops, path)
    const outside = join(ops.root, 'outside')
    await rm(absolute)
    await mkdir(outside)
    await symlink(outside, absolute)
    await expect(appendUnderIntent(context, file, intent)).rejects.toMatchObject({
      code: 'SYMLINK_REFUSED',
    })
    expect(await intentIds(ops)).toEqual([])
    expect(before).toContain('started')
  })

  it('is refused if the record has changed', async () => {
    const { ops, context, file, intent } = await prepared()
    const changed = { ...file, bytes: Buffer.from('something else') }
    expect(await appendUnderIntent(context, changed, intent)).toBe(false)
    expect(await intentIds(ops)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')(
    'keeps the intent if the disk stored the close',
    async () => {
      const { ops, id, path, context, file, intent } = await prepared()
      const folder = join(await stateOf(ops), 'pending')
      await mkdir(folder, { recursive: true })
      expect(await appendUnderIntent(context, file, intent)).toBe(true)
      await chmod(folder, 0o755)
      expect(await textAt(ops, path)).toContain('completed')
      expect(await intentIds(ops)).toEqual([id])
    },
  )
})
