import { reasonOf } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { eventsAt, openStore, REQUEST } from '../support/store.js'

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

describe('the reason of a close', () => {
  it('is a note before the completion, behind the links, in the one write of the close', async () => {
    const ops = await openStore()
    const { invocation_id, path } = await ops.start(REQUEST)
    const closing = { outcome: 'abandoned', commits: ['abcdef1'], reason: 'Two\nlines.' } as const
    const { record, notes } = await ops.complete(invocation_id, closing)
    expect(reasonOf(record)).toBe('Two\nlines.')
    expect(notes).toEqual([])
    const events = await eventsAt(ops, path)
    expect(events.map(({ event }) => event)).toEqual([
      'started',
      'commit_link',
      'note',
      'completed',
    ])
    expect(events[2]).toEqual({
      event: 'note',
      invocation_id,
      at: record.completed?.completed_at,
      text: 'Two\nlines.',
    })
    expect(await ops.list()).toMatchObject([{ reason_excerpt: 'Two' }])
  })

  it('loses its secrets before anything is written, and the caller is told how many', async () => {
    const ops = await openStore()
    const { invocation_id } = await ops.start(REQUEST)
    const closing = { outcome: 'failed', reason: `${SECRET} had expired.` } as const
    const { record, notes } = await ops.complete(invocation_id, closing)
    expect(reasonOf(record)).toBe('[REDACTED:github-token] had expired.')
    expect(notes).toEqual(['A secret was taken out of the reason before anything was written.'])
  })

  it('is kept as it is if its caller says so', async () => {
    const ops = await openStore()
    const { invocation_id } = await ops.start(REQUEST)
    const closing = { outcome: 'failed', reason: SECRET, redact: false } as const
    expect(reasonOf((await ops.complete(invocation_id, closing)).record)).toBe(SECRET)
  })
})
