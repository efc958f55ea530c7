import { newOpId } from '@kitty/record'
import { expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import { type Mark, takenOver } from '../../src/state/intent.js'

const mark = (owner: string): Mark => ({
  invocation_id: newOpId(),
  owner,
  at: 1_759_840_200_000,
  strategy: 'direct-git',
  options: '',
  durability: 'process',
  evidence: [],
  bytes: Buffer.from('x'),
})

it('a mark remembers the last owner that died with it, and no other', () => {
  const dead = mark('nobody')
  const died = { owner: 'nobody', at: dead.at }
  expect(takenOver(dead)).toEqual({ ...dead, died })
  const living = mark(selfOwner())
  expect(takenOver(living)).toBe(living)
  const free = { ...mark(''), died }
  expect(takenOver(free)).toBe(free)
})
