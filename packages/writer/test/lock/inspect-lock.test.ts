import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { secretKindsIn } from '../../src/content/redact.js'
import { inspectLock } from '../../src/lock/inspect-lock.js'
import { tryLock } from '../../src/lock/lock-file.js'
import { commitLockOf, stateDirOf } from '../../src/project/state-dir.js'

const placeIn = (folder: string) => ({
  path: join(folder, 'commit.lock'),
  tokens: join(folder, 'tokens'),
})

describe('inspecting a lock', () => {
  it('reports its holder, and does not change it', async () => {
    const place = placeIn(await tempFolder())
    expect(inspectLock(place)).toBeUndefined()
    const lock = tryLock(place)
    expect(inspectLock(place)).toMatchObject({ holder: 'living', since: expect.any(Number) })
    if (lock.kind === 'held') lock.release()
    expect(inspectLock(place)).toBeUndefined()
  })

  it.each(['', 'x'.repeat(32)])('with content %j reports it as foreign', async (text) => {
    const place = placeIn(await tempFolder())
    await writeFile(place.path, text)
    expect(inspectLock(place)).toMatchObject({ holder: 'foreign' })
  })

  it('finds the commit lock of a project', async () => {
    const root = await tempFolder()
    expect(commitLockOf(await stateDirOf(root)).path).toBe(join(root, '.kittify/state/commit.lock'))
  })
})

describe('the kinds of secrets in a text', () => {
  it('are listed once each, without the secrets themselves', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    expect(await secretKindsIn(`${token} and ${token}`)).toEqual(['github-token'])
    expect(await secretKindsIn('nothing')).toEqual([])
  })
})
