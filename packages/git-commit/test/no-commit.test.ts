import { noCommit } from '@kitty/writer'
import { expect, test } from 'vitest'
import { requestFor } from './support/requests.js'

test('it returns skipped for each request, because commits are turned off', async () => {
  const requests = [requestFor('/'), requestFor('/')]
  const disabled = { status: 'skipped', reason: 'disabled' }
  expect(await noCommit().commit('/', requests)).toEqual([disabled, disabled])
  expect(noCommit()).toMatchObject({ name: 'none', commits: false })
})
