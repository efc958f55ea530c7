import { describe, expect, it } from 'vitest'
import { collected, newMember, newServer, published, sync } from '../support/sync.js'

describe('ten clones that sync at once', () => {
  it('publish everything, and after one more sync each has all', async () => {
    const server = await newServer()
    const members = []
    for (let number = 0; number < 10; number += 1) members.push(await newMember(server, 2))
    const results = await Promise.all(members.map(({ clone }) => sync(clone)))
    expect(results.flatMap(({ skipped }) => skipped)).toEqual([])
    const all = members.flatMap(({ ids }) => ids).toSorted()
    expect(await published(server)).toEqual(all)
    await Promise.all(members.map(({ clone }) => sync(clone)))
    for (const { clone, ids } of members) {
      expect(await collected(clone)).toEqual(all.filter((id) => !ids.includes(id)))
    }
  })

  it('and that are one clone lose nothing', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 3), await newMember(server, 2)]
    await sync(b.clone)
    const results = await Promise.all(Array.from({ length: 10 }, () => sync(a.clone)))
    expect(results.flatMap(({ skipped }) => skipped)).toEqual([])
    expect(await published(server)).toEqual([...a.ids, ...b.ids].toSorted())
    expect(await collected(a.clone)).toEqual(b.ids)
  })
})
