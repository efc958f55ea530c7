import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  isPresumedAlive,
  ownerLiveness,
  selfOwner,
  UNKNOWN_OWNER_TTL_MS,
} from '../../src/lock/owner.js'

const withPart = (position: number, value: string): string =>
  selfOwner()
    .split('-')
    .map((part, at) => (at === position ? value : part))
    .join('-')

describe('an owner', () => {
  it('that is this process is alive', () => {
    expect(ownerLiveness(selfOwner())).toBe('alive')
    expect(selfOwner()).toMatch(/^\w+(-\w+){4}$/)
  })

  it('whose process has ended is dead', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    expect(ownerLiveness(withPart(0, String(child.pid)))).toBe('dead')
  })

  it.runIf(process.platform === 'linux')(
    'that has ended but was not reaped by its parent is dead',
    async () => {
      // After exec, the parent is a program that does not wait for its child.
      const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'])
      const [pid] = await once(parent.stdout, 'data')
      const statOf = () => readFile(`/proc/${String(pid).trim()}/stat`, 'utf8')
      const fields = (await statOf()).split(') ')[1]?.split(' ') ?? []
      await expect.poll(statOf).toContain(') Z ')
      const owner = withPart(1, fields[19] ?? '').replace(/^\d+/, String(pid).trim())
      expect(ownerLiveness(owner)).toBe('dead')
      parent.kill()
    },
  )

  it.runIf(process.platform === 'linux')('with a reused process id is dead', () => {
    expect(ownerLiveness(withPart(1, '1'))).toBe('dead')
  })

  it.runIf(process.platform === 'linux')('from before a reboot is dead', () => {
    expect(ownerLiveness(withPart(3, '00000000'))).toBe('dead')
  })

  it('on another machine or in another container is unknown', () => {
    expect(ownerLiveness(withPart(2, '00000000'))).toBe('unknown')
    expect(ownerLiveness(withPart(4, '1'))).toBe('unknown')
  })

  it('without a start time is dead if its process id is unused, and unknown otherwise', () => {
    const parent = withPart(1, 'x').replace(/^\d+/, String(process.ppid))
    expect(ownerLiveness(parent)).toBe('unknown')
    expect(ownerLiveness(withPart(1, 'x').replace(/^\d+/, '99999999'))).toBe('dead')
  })

  it('that cannot be parsed is dead', () => {
    expect(ownerLiveness('')).toBe('dead')
    expect(ownerLiveness('somebody')).toBe('dead')
  })
})

describe('the grace period of an owner of unknown liveness', () => {
  const stranger = withPart(2, '00000000')

  it('lasts ten minutes', () => {
    const now = Date.now()
    expect(isPresumedAlive(stranger, now - UNKNOWN_OWNER_TTL_MS + 1_000, now)).toBe(true)
    expect(isPresumedAlive(stranger, now - UNKNOWN_OWNER_TTL_MS, now)).toBe(false)
  })

  it('does not apply to live or dead owners', () => {
    expect(isPresumedAlive(selfOwner(), 0)).toBe(true)
    expect(isPresumedAlive('', Date.now())).toBe(false)
  })
})
