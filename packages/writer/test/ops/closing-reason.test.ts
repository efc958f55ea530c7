import { reasonOf } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { eventsAt, openStore, REQUEST } from '../support/store.js'

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'

describe('the reason of a close', () => {
  it('is a note between the links and the completion, in the single write of the close', async () => {
    const ops = await openStore()
    const { id, path } = await ops.start(REQUEST)
    const closing = { outcome: 'abandoned', commits: ['abcdef1'], reason: 'Two\nlines.' } as const
    const { record, notes } = await ops.complete(id, closing)
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
      invocation_id: id,
      at: record.completed?.completed_at,
      text: 'Two\nlines.',
    })
    expect(await ops.list()).toMatchObject([{ reason_excerpt: 'Two' }])
  })

  it('has its secrets replaced before anything is written, and the caller gets the number', async () => {
    const ops = await openStore()
    const { id } = await ops.start(REQUEST)
    const closing = { outcome: 'failed', reason: `${SECRET} had expired.` } as const
    const { record, notes } = await ops.complete(id, closing)
    expect(reasonOf(record)).toBe('[REDACTED:github-token] had expired.')
    expect(notes).toEqual(['A secret in the reason was replaced before anything was written.'])
  })

  it('is kept unchanged if the caller says so', async () => {
    const ops = await openStore()
    const { id } = await ops.start(REQUEST)
    const closing = { outcome: 'failed', reason: SECRET, redact: false } as const
    expect(reasonOf((await ops.complete(id, closing)).record)).toBe(SECRET)
  })
})
