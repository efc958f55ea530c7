import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runMaintenanceDetached } from '../../src/repository/maintenance.js'
import { withShim } from '../support/git-shim.js'

const DUE = `${'a'.repeat(36)}0040`
const NOT_DUE = `${'a'.repeat(36)}0041`

/** The arguments that git was started with; empty if it was not started within a second. */
const startedWith = async (ids: readonly string[], config: Record<string, string>) => {
  const folder = await tempFolder()
  const log = join(folder, 'log')
  await withShim(`echo "$*" > '${log}.new'; mv '${log}.new' '${log}'; exit 1`, async () => {
    runMaintenanceDetached(folder, { config: new Map(Object.entries(config)) }, ids)
    for (let tries = 0; tries < 20 && !existsSync(log); tries += 1) await sleep(50)
  })
  return existsSync(log) ? readFile(log, 'utf8') : ''
}

describe.skipIf(process.platform === 'win32')('maintenance', () => {
  it('is started now and then, and its failure is ignored', async () => {
    expect(await startedWith([NOT_DUE, DUE], {})).toContain('maintenance run --auto --quiet')
  })

  it.each([
    ['after most commits', [NOT_DUE], {}],
    ['where the user has turned it off', [DUE], { 'maintenance.auto': 'off' }],
  ])('is not %s', async (_, ids, config) => {
    expect(await startedWith(ids, config)).toBe('')
  })
})
