import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseOpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { openOps } from '../../src/index.js'
import { recordPath, toAbsolute } from '../../src/project/paths.js'

/** Does what a sweep does as soon as there is a start note: it restores the record from the note. */
const beFaster = async (
  root: string,
  state: string,
  textOf: (line: string) => string = (line) => line,
): Promise<void> => {
  const folder = join(state, 'started')
  for (;;) {
    const [name] = existsSync(folder) ? readdirSync(folder) : []
    const text = name === undefined ? '' : readFileSync(join(folder, name), 'utf8')
    if (name !== undefined && text !== '') {
      mkdirSync(join(root, 'kitty-ops'), { recursive: true })
      const path = toAbsolute(root, recordPath(parseOpId(name.slice(0, 26))))
      writeFileSync(path, textOf(JSON.parse(text).line), { flag: 'wx' })
      return
    }
    await nextTurn()
  }
}

it('an Op whose record a sweep restored from its start note is open', async () => {
  const root = await tempFolder()
  const ops = await openOps({ root })
  const [started] = await Promise.all([
    ops.start({ profile_id: 'p', action: 'a', request_text: 'x' }),
    beFaster(root, join(root, '.kittify', 'state')),
  ])
  expect(started.path).toBe(recordPath(started.id))
  expect(await ops.list({ status: 'open' })).toMatchObject([{ invocation_id: started.id }])
})

it('an Op whose record path is taken is not opened, and its start note is removed', async () => {
  const root = await tempFolder()
  const state = join(root, '.kittify', 'state')
  const ops = await openOps({ root })
  const [started] = await Promise.allSettled([
    ops.start({ profile_id: 'p', action: 'a', request_text: 'x' }),
    beFaster(root, state, () => 'something else\n'),
  ])
  expect(started).toMatchObject({ status: 'rejected', reason: { code: 'ALREADY_EXISTS' } })
  expect(readdirSync(join(state, 'started'))).toEqual([])
})
