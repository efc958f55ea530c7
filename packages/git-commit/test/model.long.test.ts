import { cp } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelAnswer, modelCommit } from './support/model.js'
import { forgetMessage, STEPS } from './support/model-steps.js'
import { parallelWorld, WORLDS, type World } from './support/model-worlds.js'
import { answerOf, closeOne, storeAt } from './support/ops.js'

const SCRIPT = fc.array(fc.constantFrom(...Object.keys(STEPS)), { minLength: 1, maxLength: 6 })

// git knows the empty tree without storing it, but its own fsck reports it as missing.
const EMPTY_TREE =
  /4b825dc642cb6eb9a060e54bf8d69288fbee4904|6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321/

/** What git's fsck finds. */
const missingOf = async ({ tryGit }: Repository): Promise<readonly string[]> => {
  const { stdout, stderr } = await tryGit('fsck', '--strict', '--no-dangling', '--no-progress')
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line !== '' && !/^(?:notice|hint):/.test(line) && !EMPTY_TREE.test(line))
}

/** Everything that must be equal, except ids and times of the commits. */
const look = async (repository: Repository) => ({
  commits: await repository.log('%T %an <%ae> %cn <%ce>%n%B'),
  entries: await repository.git('ls-files', '--stage', '-v'),
  status: await repository.statusPorcelain(),
  ours: await repository.git('status', '--porcelain', '--ignored', '--', 'kitty-ops'),
  state: await repository.stagedState(['kitty-ops']),
})

/** Does the same to the world before, with git's plumbing; returns the result and the new state. */
const byModel = async (after: string, { repository, folder }: World, ids: readonly string[]) => {
  const store = join(relative(folder, repository.path), 'kitty-ops')
  await cp(join(after, store), join(folder, store), { recursive: true })
  const answer = await modelAnswer(repository, ids.at(-1) ?? '')
  if (answer === 'committed') await modelCommit(repository, ids)
  // Exclude lines have tests of their own; here they are as direct git left them.
  const file = resolve(
    repository.path,
    await repository.git('rev-parse', '--git-path', 'info/exclude'),
  )
  await cp(join(after, relative(folder, file)), file)
  return { answer, looks: await look(repository) }
}

/** Closes an Op both ways and compares; returns what is then pending. */
const closeBothWays = async (
  world: World,
  ops: Ops,
  pending: readonly string[],
): Promise<readonly string[]> => {
  const inTheOther = await parallelWorld(world)
  const closed = await closeOne(ops)
  const ids = [...pending, closed.id]
  const looks = await look(world.repository)
  const model = await inTheOther((after) => byModel(after, world, ids))
  expect(model).toEqual({ answer: answerOf(closed), looks })
  const left = model.answer === 'committed' ? [] : ids
  expect((await ops.pending()).map((mark) => mark.id).toSorted()).toEqual(left)
  return left
}

describe.each(Object.entries(WORLDS))('%s', (_, make) => {
  it('direct git does what plumbing does, whatever the user did before', async () => {
    const property = fc.asyncProperty(SCRIPT, async (script) => {
      const world = await make()
      const ops = await storeAt(world.repository)
      let pending: readonly string[] = []
      for (const name of script) {
        await STEPS[name]?.(world.repository)
        await forgetMessage(world.repository)
        pending = await closeBothWays(world, ops, pending)
      }
      expect(await missingOf(world.repository)).toEqual([])
    })
    await fc.assert(property, { numRuns: 5 })
  })
})
