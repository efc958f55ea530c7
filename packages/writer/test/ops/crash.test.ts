import { join } from 'node:path'
import { type ChildProgram, startProgram } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { fileHistory, readHistory } from '../support/file-history.js'
import type { Death } from '../support/programs/closer.js'
import { DONE, intentIds, openIn, openStore, REQUEST } from '../support/store.js'

const PROGRAM = new URL('../support/programs/closer.ts', import.meta.url)

const answerOf = async ({ ended }: ChildProgram) => {
  const { stdout, stderr, exitCode } = await ended
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`)
  return JSON.parse(stdout)
}

const prepare = async () => {
  const ops = await openStore()
  const history = join(ops.root, 'history')
  const id = (await ops.start(REQUEST)).id
  const closer = (death: Death) => startProgram(PROGRAM, [ops.root, history, id, death])
  return { ops, history, id, closer }
}

describe('a process that is killed', () => {
  it.each([
    ['before its commit', 'before-commit', 'c1'],
    ['between its commit and the clean-up', 'after-commit', 'c1'],
    ['while the close is propagated', 'propagating', 'c1'],
  ] as const)('%s leaves what the next completion recovers', async (_, death, sha) => {
    const { ops, history, id, closer } = await prepare()
    const child = closer(death)
    child.go()
    expect((await child.ended).signal).toBe('SIGKILL')
    expect((await ops.read(id)).record.status).toBe('closed')
    const healer = await openIn(ops.root, { strategy: fileHistory(history) })
    const other = (await healer.start(REQUEST)).id
    expect((await healer.complete(other, DONE)).commit.status).toBe('committed')
    expect(readHistory(history).map(([op]) => op)).toEqual([id, other])
    expect(readHistory(history)[0]).toEqual([id, sha])
    expect(await intentIds(ops)).toEqual([])
    expect(await healer.complete(id, DONE)).toMatchObject({ already: true, commit: { sha } })
    expect(readHistory(history)).toHaveLength(2)
  })
})

describe('several processes', () => {
  it('that close one Op at once: one closes it, and each learns the commit', async () => {
    const { ops, history, id, closer } = await prepare()
    const children = Array.from({ length: 3 }, () => closer('never'))
    await Promise.all(children.map(({ ready }) => ready))
    for (const child of children) child.go()
    const answers = await Promise.all(children.map(answerOf))
    expect(answers.filter(({ closed }) => closed)).toHaveLength(1)
    expect(answers.map(({ commit }) => commit)).toEqual(
      Array(3).fill({ status: 'committed', sha: 'c1' }),
    )
    expect(readHistory(history)).toEqual([[id, 'c1']])
    expect((await ops.read(id)).record.events).toHaveLength(2)
    expect(await intentIds(ops)).toEqual([])
  })
})
