import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { leaveIndexToGit } from '../support/git-index.js'
import { letGitMoveHead, withShim } from '../support/git-shim.js'
import { closeOne, storeAt } from '../support/ops.js'

describe('a hook in the configuration, as git supports since 2.54', () => {
  const RAN = '.git/ran-configured'
  const EVENTS = ['reference-transaction', 'post-index-change', 'pre-auto-gc']

  const configured = async (): Promise<Repository> => {
    const repository = await newRepository()
    const command = ': > "$(git rev-parse --git-dir)/ran-configured"'
    for (const name of ['mine', 'a=b']) {
      for (const event of EVENTS)
        await repository.git('config', '--add', `hook.${name}.event`, event)
      await repository.git('config', `hook.${name}.command`, command)
    }
    await rm(join(repository.path, RAN), { force: true })
    return repository
  }

  it('does not run', async () => {
    const repository = await configured()
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(existsSync(join(repository.path, RAN))).toBe(false)
  })

  it.skipIf(process.platform === 'win32')(
    'is switched off by its event and by its name',
    async () => {
      const repository = await configured()
      await letGitMoveHead(repository)
      await leaveIndexToGit(repository)
      const log = join(await tempFolder(), 'log')
      const variables = 'env | grep ^GIT_CONFIG_ | sort | tr "\\n" " "'
      const ops = await storeAt(repository)
      await withShim(`echo "$* $(${variables})" >> '${log}'`, () => closeOne(ops))
      const starts = (await readFile(log, 'utf8')).split('\n')
      for (const command of ['update-index', 'update-ref']) {
        const start = starts.find((line) => line.includes(` ${command} `))
        for (const event of EVENTS) expect(start).toContain(`-c hook.${event}.enabled=false`)
        expect(start).toContain('-c hook.mine.enabled=false')
        expect(start).toContain('GIT_CONFIG_KEY_0=hook.a=b.enabled')
        expect(start).toContain('GIT_CONFIG_VALUE_0=false')
      }
    },
  )
})
