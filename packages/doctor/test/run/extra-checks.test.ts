import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { type Check, doctorOps, type Finding, type VisitedRecord } from '../../src/index.js'
import { CHECKS } from '../../src/internals.js'
import { newStore, pendingOps, request, type Store } from '../support/store.js'

declare module '@kitty/record' {
  interface OwnErrorCodes {
    readonly OFFLINE: true
  }
}

const actorIs = (id: string, actor: string): Check => ({
  id,
  visit: (found) =>
    found.ok && found.record.started?.actor === actor
      ? {
          id,
          severity: 'info',
          path: found.path,
          message: `The actor is ${actor}.`,
          fixable: false,
          next: [],
        }
      : undefined,
})

const claudeWasHere = actorIs('claude-was-here', 'claude')

const DRAFT: Finding = {
  id: 'draft',
  severity: 'warning',
  path: 'draft.txt',
  message: 'There is a draft.',
  fixable: true,
  next: [],
}

const draftPath = ({ repository }: Store): string => join(repository.path, 'draft.txt')

/** A check that finds `draft.txt` in the repository; its fix deletes it. */
const draftIn = async (store: Store): Promise<Check> => {
  await store.repository.write('draft.txt', 'a draft')
  return {
    id: DRAFT.id,
    run: async () => (existsSync(draftPath(store)) ? [DRAFT] : []),
    fix: {
      plan: () => 'Would delete the draft.',
      apply: async () => {
        await rm(draftPath(store))
        return { done: true, message: 'Deleted the draft.' }
      },
    },
  }
}

const failing = (id: string, error: unknown): Check => ({ id, run: () => Promise.reject(error) })

describe('checks of the caller', () => {
  it('run after ours', async () => {
    const { ops } = await newStore()
    const { path } = await ops.start(request)
    const { findings, healthy } = await doctorOps({ ops, extraChecks: [claudeWasHere] })
    expect(healthy).toBe(true)
    expect(findings.map(({ id, path }) => [id, path])).toEqual([
      ['open-op', path],
      ['claude-was-here', path],
    ])
  })

  it('are selected by their ids, beside ours', async () => {
    const { ops } = await newStore()
    await ops.start(request)
    const extraChecks = [claudeWasHere, actorIs('codex-was-here', 'codex')]
    const idsFor = async (...checks: string[]) =>
      (await doctorOps({ ops, checks, extraChecks })).findings.map(({ id }) => id)
    expect(await idsFor('claude-was-here')).toEqual(['claude-was-here'])
    expect(await idsFor('claude-was-here', 'open-op')).toEqual(['open-op', 'claude-was-here'])
    expect(await idsFor('codex-was-here')).toEqual([])
  })

  it('run only with deep if they are deep', async () => {
    const { ops } = await newStore()
    await ops.start(request)
    const extraChecks = [{ ...claudeWasHere, deep: true } as const]
    const idsWith = async (deep: boolean) =>
      (await doctorOps({ ops, deep, extraChecks })).findings.map(({ id }) => id)
    expect(await idsWith(false)).not.toContain('claude-was-here')
    expect(await idsWith(true)).toContain('claude-was-here')
  })

  it('are listed if an unknown check is asked for', async () => {
    const { ops } = await newStore()
    const options = { ops, checks: ['flux'], extraChecks: [claudeWasHere] }
    await expect(doctorOps(options)).rejects.toMatchObject({
      code: 'UNKNOWN_CHECK',
      hint: expect.stringMatching(/open-op, .*claude-was-here/),
    })
  })

  it.each([
    ['one of ours', [actorIs('open-op', 'claude')]],
    ['another of them', [claudeWasHere, claudeWasHere]],
  ])('are refused with the id of %s', async (_, extraChecks) => {
    const { ops } = await newStore()
    await expect(doctorOps({ ops, extraChecks })).rejects.toMatchObject({
      code: 'CHECK_ID_TAKEN',
      message: expect.stringContaining(`"${extraChecks[0]?.id}"`),
      hint: 'Give each check in `extraChecks` an id of its own.',
    })
  })

  it('that throw are reported as ours are, and the others run', async () => {
    const { ops } = await newStore()
    await ops.start(request)
    const offline = new KittyError('OFFLINE', 'The server is not there', { hint: 'Try again.' })
    const broken: Check = {
      id: 'broken',
      run: () => {
        throw new Error('no luck')
      },
    }
    const extraChecks = [failing('one', offline), failing('two', offline), broken, claudeWasHere]
    const { healthy, findings } = await doctorOps({ ops, extraChecks })
    expect(healthy).toBe(false)
    expect(findings.map(({ id, severity, message }) => [id, severity, message])).toEqual([
      [
        'one',
        'error',
        'The check failed: The server is not there. Try again. The same error stopped two.',
      ],
      ['broken', 'error', 'The check failed: Error: no luck.'],
      ['open-op', 'info', expect.any(String)],
      ['claude-was-here', 'info', 'The actor is claude.'],
    ])
  })

  it('share one pass over the records, whatever they await first', async () => {
    const { ops } = await newStore()
    for (const _ of [1, 2]) await ops.start(request)
    const seen: VisitedRecord[][] = [[], []]
    const extraChecks = seen.map(
      (list, number): Check => ({
        id: `seen-${number}`,
        visit: (found) => void list.push(found),
        run: async ({ ops }) => {
          await ops.list()
          return [{ ...DRAFT, id: `seen-${number}`, severity: 'info' }]
        },
      }),
    )
    const passes: number[] = []
    const { findings } = await doctorOps({
      ops,
      extraChecks,
      onProgress: ({ what, done, total }) => {
        if (what === 'records' && done !== undefined && done === total) passes.push(done)
      },
    })
    const [first = [], second = []] = seen
    expect(first.map(({ id }) => id)).toEqual((await ops.list()).map((op) => op.invocation_id))
    expect(first.every((found, number) => found === second[number])).toBe(true)
    expect(passes).toEqual([2])
    expect(findings.map(({ id }) => id)).toEqual(['open-op', 'open-op', 'seen-0', 'seen-1'])
  })

  it('can return the finding about a record later', async () => {
    const { ops } = await newStore()
    const { path } = await ops.start(request)
    const later: Check = {
      id: 'later',
      visit: async ({ path }, { ops }) => {
        await ops.list()
        return { ...DRAFT, id: 'later', path }
      },
    }
    const { findings } = await doctorOps({ ops, checks: ['later'], extraChecks: [later] })
    expect(findings).toMatchObject([{ id: 'later', path }])
  })

  it.each([
    ['visit', { visit: () => Promise.reject(new Error('no luck')) }],
    [
      'both visit and run',
      {
        visit: () => {
          throw new Error('no luck')
        },
        run: () => {
          throw new Error('no luck')
        },
      },
    ],
  ])('are reported once if %s fails', async (_, methods) => {
    const { ops } = await newStore()
    for (const __ of [1, 2]) await ops.start(request)
    const extraChecks = [{ id: 'broken', ...methods }, claudeWasHere]
    const checks = extraChecks.map(({ id }) => id)
    const { findings } = await doctorOps({ ops, checks, extraChecks })
    expect(findings.map(({ id, severity, message }) => [id, severity, message])).toEqual([
      ['broken', 'error', 'The check failed: Error: no luck.'],
      ['claude-was-here', 'info', 'The actor is claude.'],
      ['claude-was-here', 'info', 'The actor is claude.'],
    ])
  })

  it('leave the list of our checks as it is', async () => {
    const { ops } = await newStore()
    const before = [...CHECKS]
    await doctorOps({ ops, extraChecks: [claudeWasHere] })
    expect(CHECKS).toEqual(before)
  })
})

describe('fixes of the caller', () => {
  it('are applied to fixable findings, after ours', async () => {
    const store = await newStore()
    await pendingOps(store, 1)
    const extraChecks = [await draftIn(store)]
    const { fixed, findings } = await doctorOps({ ops: store.ops, extraChecks, fix: true })
    expect(fixed.map(({ id, done }) => [id, done])).toEqual([
      ['uncommitted', true],
      ['draft', true],
    ])
    expect(fixed.at(-1)?.message).toBe('Deleted the draft.')
    expect(findings).toEqual([])
    expect(existsSync(draftPath(store))).toBe(false)
  })

  it('are only planned in a dry run, and not applied without `fix`', async () => {
    const store = await newStore()
    const { ops } = store
    const extraChecks = [await draftIn(store)]
    expect((await doctorOps({ ops, extraChecks })).fixed).toEqual([])
    const { fixed, findings } = await doctorOps({ ops, extraChecks, fix: true, dryRun: true })
    expect(fixed).toEqual([{ id: 'draft', done: false, message: 'Would delete the draft.' }])
    expect(findings).toEqual([DRAFT])
  })

  it.each([
    [false, 'Not fixed: Error: no luck.'],
    [true, 'Not planned: Error: no luck.'],
  ])('that throw are reported, in a dry run: %s', async (dryRun, message) => {
    const { ops } = await newStore()
    const fail = () => {
      throw new Error('no luck')
    }
    const run = async () => [DRAFT]
    const extraChecks = [{ id: DRAFT.id, run, fix: { plan: fail, apply: fail } }]
    const report = await doctorOps({ ops, extraChecks, fix: true, dryRun })
    expect(report.fixed).toEqual([{ id: 'draft', done: false, message }])
    expect(report.findings).toEqual([DRAFT])
  })
})
