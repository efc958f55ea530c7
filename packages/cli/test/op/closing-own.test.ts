import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it, vi } from 'vitest'
import { jsonIn, openIn, type RunOptions, runIn } from '../support/in-process.js'

const CLOSE = ['ops', 'complete', '--outcome', 'done']
const PERSON: RunOptions = { terminal: true }
const agent = (session?: string): RunOptions => ({
  variables: { CLAUDECODE: '1', ...(session && { CLAUDE_CODE_SESSION_ID: session }) },
})
const opened = (path: string, options: RunOptions) => openIn(path, ['do', 'x'], options)
const refused = (code: string, ...candidates: object[]) => ({
  status: 1,
  json: { error: { code }, candidates },
})

describe('a person at a terminal without an id', () => {
  it('closes the only Op that a person opened here', async () => {
    const { path } = await newRepository()
    expect(await jsonIn(path, CLOSE, PERSON)).toMatchObject({
      status: 1,
      json: { error: { code: 'NOTHING_OPEN' } },
    })
    const id = await opened(path, PERSON)
    await opened(path, agent('s1'))
    expect(await jsonIn(path, CLOSE, PERSON)).toMatchObject({
      status: 0,
      json: { invocation_id: id },
    })
  })

  it('is shown several', async () => {
    const { path } = await newRepository()
    const [first, second] = [await opened(path, PERSON), await opened(path, PERSON)]
    expect(await jsonIn(path, CLOSE, PERSON)).toMatchObject(
      refused('SEVERAL_OPEN', { invocation_id: second }, { invocation_id: first }),
    )
  })

  it.each<[string, RunOptions, string]>([
    ['of an agent that has a session', agent('s1'), 'other-session'],
    ['of an agent that has none', agent(), 'agent'],
    ['of nobody knows whom', {}, 'unknown'],
  ])('closes no Op %s', async (_, options, held_by) => {
    const { path } = await newRepository()
    const invocation_id = await opened(path, options)
    const answer = await jsonIn(path, CLOSE, PERSON)
    expect(answer).toMatchObject(refused('OPEN_BUT_HELD', { invocation_id, held_by }))
    const list = await jsonIn(path, ['ops', 'list', '--status', 'open'])
    expect(list.json).toMatchObject({ ops: [{ invocation_id }] })
  })

  it('does not close an Op of another clone that git brought', async () => {
    const repository = await newRepository()
    await opened(repository.path, PERSON)
    await repository.git('add', '--force', 'kitty-ops')
    await repository.commit('The open record too')
    const copy = join(await tempFolder(), 'copy')
    await repository.git('clone', '--quiet', '.', copy)
    expect(await jsonIn(copy, CLOSE, PERSON)).toMatchObject(
      refused('OPEN_BUT_HELD', { held_by: 'unknown' }),
    )
  })
})

describe('an agent or a script without an id', () => {
  it.each<[string, RunOptions, RunOptions, string | undefined]>([
    ['an agent closes no Op of a person', agent('s1'), PERSON, 'person'],
    ['an agent closes not even an Op of its own session', agent('s1'), agent('s1'), undefined],
    ['an agent closes no Op of another session', agent('s1'), agent('s2'), 'other-session'],
    ['an agent at a terminal is an agent', { ...agent(), ...PERSON }, PERSON, 'person'],
    [
      'an agent of a team is known by its session',
      { variables: { SPEC_KITTY_SESSION: 'x' } },
      PERSON,
      'person',
    ],
    ['a script closes no Op of a person', {}, PERSON, 'person'],
    ['a script closes no Op of a script', {}, {}, undefined],
  ])('%s', async (_, caller, opener, held_by) => {
    const { path } = await newRepository()
    const invocation_id = await opened(path, opener)
    const answer = await jsonIn(path, CLOSE, caller)
    expect(answer).toMatchObject(
      refused('ID_REQUIRED', { invocation_id, ...(held_by && { held_by }) }),
    )
    const { stderr } = await runIn(path, CLOSE, caller)
    expect(stderr).toContain('only by its id')
    expect(stderr).toContain(invocation_id)
    expect(await jsonIn(path, [...CLOSE, invocation_id], caller)).toMatchObject({
      status: 0,
      json: { outcome: 'done' },
    })
  })

  it.each(['0', '01', '01K6ZP4'])(
    'cannot use the prefix %j, which could be a mistake',
    async (typed) => {
      const { path } = await newRepository()
      const invocation_id = await opened(path, PERSON)
      const beginning = typed.length > 2 ? invocation_id.slice(0, 7) : typed
      for (const caller of [agent('s1'), {}]) {
        const answer = await jsonIn(path, [...CLOSE, beginning], caller)
        expect(answer).toMatchObject(refused('ID_REQUIRED', { invocation_id }))
      }
      const enough = await jsonIn(path, [...CLOSE, invocation_id.slice(0, 8)], agent('s1'))
      expect(enough).toMatchObject({ status: 0, json: { invocation_id } })
    },
  )

  it('gets an error if nothing is open', async () => {
    const { path } = await newRepository()
    const error = { code: 'NOTHING_OPEN' }
    expect(await jsonIn(path, CLOSE, agent('s1'))).toMatchObject({ status: 1, json: { error } })
  })
})

it('an Op whose command is running is closed only by its id', async () => {
  const { path } = await newRepository()
  const wait = `const { existsSync, writeFileSync } = require('node:fs')
    writeFileSync('ready', '')
    setInterval(() => existsSync('go') && process.exit(3), 20)`
  const running = jsonIn(path, ['do', 'x', '--', process.execPath, '-e', wait], PERSON)
  await vi.waitUntil(() => existsSync(join(path, 'ready')), { timeout: 10_000 })
  const answer = await jsonIn(path, CLOSE, PERSON)
  expect(answer).toMatchObject(refused('OPEN_BUT_HELD', { held_by: 'running' }))
  const [, id = ''] = /"invocation_id":"(\w+)"/.exec(JSON.stringify(answer.json)) ?? []
  const sweep = await jsonIn(path, ['doctor', 'ops', '--close-stale', '--threshold', '0'], PERSON)
  expect(sweep.json).toMatchObject({ swept: 0, skipped_running: 1 })
  const byId = await jsonIn(path, [...CLOSE, id], PERSON)
  expect(byId.json).toMatchObject({ outcome: 'done' })
  expect(byId.stderr).toContain('its command might still be running')
  await writeFile(join(path, 'go'), '')
  expect(await running).toMatchObject({ status: 3, json: { outcome: 'done' } })
})
