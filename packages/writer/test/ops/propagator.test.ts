import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseOpRecord, type StartedEvent } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { type PropagationContext, propagateInBackground } from '../../src/ops/propagate.js'
import type { Propagator } from '../../src/ports/propagator.js'
import { PROPAGATION_ERRORS_PATH, toAbsolute } from '../../src/project/paths.js'
import { idAt, startedLine } from '../support/records.js'

const ID = idAt(0)
const NOW = '2026-01-05T10:00:00.000Z'

const startedEvent = (): StartedEvent => {
  const { started } = parseOpRecord(startedLine(ID))
  if (started === undefined) throw new Error('the line is not a started event')
  return started
}

const contextWith = async (propagator: Propagator | undefined): Promise<PropagationContext> => ({
  root: await tempFolder(),
  propagator,
  redactPatterns: [],
  clock: () => new Date(NOW),
  propagations: new Set(),
})

const settled = ({ propagations }: PropagationContext): Promise<unknown> =>
  Promise.all(propagations)

const failures = async ({ root }: PropagationContext): Promise<unknown[]> => {
  const text = await readFile(toAbsolute(root, PROPAGATION_ERRORS_PATH), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

const failing = (error: unknown): Propagator => ({ submit: () => Promise.reject(error) })

describe('an event is submitted', () => {
  it('in the background, after the caller has continued', async () => {
    const seen: unknown[] = []
    const context = await contextWith({ submit: async (event) => void seen.push(event) })
    propagateInBackground(context, startedEvent())
    expect(seen).toEqual([])
    await settled(context)
    expect(seen).toEqual([startedEvent()])
    expect(context.propagations.size).toBe(0)
    await expect(failures(context)).rejects.toThrow('ENOENT')
  })

  it('nowhere without a propagator', async () => {
    const context = await contextWith(undefined)
    propagateInBackground(context, startedEvent())
    expect(context.propagations.size).toBe(0)
  })
})

describe('a failed propagation is logged', () => {
  it('with the message of the error', async () => {
    const context = await contextWith(failing(new Error('503 from the server')))
    propagateInBackground(context, startedEvent())
    propagateInBackground(context, startedEvent())
    await settled(context)
    const line = { invocation_id: ID, event: 'started', error: '503 from the server', at: NOW }
    expect(await failures(context)).toEqual([line, line])
  })

  it('even if it threw synchronously, and not an error', async () => {
    const thrown: Propagator = {
      submit: () => {
        throw 'nothing'
      },
    }
    const context = await contextWith(thrown)
    propagateInBackground(context, startedEvent())
    await settled(context)
    expect(await failures(context)).toMatchObject([{ error: 'nothing' }])
  })

  it('even if there was no answer', async () => {
    const context = await contextWith({ submit: () => new Promise(() => undefined) })
    propagateInBackground(context, startedEvent(), 20)
    await settled(context)
    expect(await failures(context)).toMatchObject([{ error: 'No answer within 0.02 seconds' }])
  })

  it('on one short line, without control characters and without secrets', async () => {
    const token = `gh${'p'}_${'a1B2'.repeat(9)}`
    const error = new Error(`bad\u001b[31m\r\ntoken ${token} ${'x'.repeat(5000)}`)
    const context = await contextWith(failing(error))
    propagateInBackground(context, startedEvent())
    await settled(context)
    const start = 'bad [31m token [REDACTED:github-token] '
    expect(await failures(context)).toMatchObject([{ error: start.padEnd(1000, 'x') }])
  })

  it.skipIf(process.platform === 'win32')(
    'and if logging fails too, nothing else does',
    async () => {
      const context = await contextWith(failing(new Error('no')))
      await symlink(await tempFolder(), join(context.root, 'kitty-ops'))
      propagateInBackground(context, startedEvent())
      await expect(settled(context)).resolves.toEqual([undefined])
    },
  )
})
