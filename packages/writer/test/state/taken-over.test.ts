import { newOpId } from '@kitty/record'
import { expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import { type CloseIntent, withoutOwner, withPreviousOwner } from '../../src/state/intent.js'

const intent = (owner: string): CloseIntent => ({
  id: newOpId(),
  owner,
  ownedSince: 1_759_840_200_000,
  strategy: 'direct-git',
  options: '',
  durability: 'process',
  evidence: [],
  bytes: Buffer.from('x'),
})

it('an intent records its last owner only if that owner died while it held the intent', () => {
  const dead = intent('nobody')
  const previousOwner = { owner: 'nobody', ownedSince: dead.ownedSince }
  expect(withPreviousOwner(dead)).toEqual({ ...dead, previousOwner })
  const living = intent(selfOwner())
  expect(withPreviousOwner(living)).toBe(living)
  const free = { ...withoutOwner(dead), previousOwner }
  expect(withPreviousOwner(free)).toBe(free)
})
