import { noCommit } from '@kitty/writer'
import { expect, test } from 'vitest'
import { requestFor } from './support/requests.js'

test('it answers each request with skipped, because it is turned off', async () => {
  const requests = [requestFor('/'), requestFor('/')]
  const disabled = { status: 'skipped', reason: 'disabled' }
  expect(await noCommit().commit(requests)).toEqual([disabled, disabled])
  expect(noCommit().name).toBe('none')
})
