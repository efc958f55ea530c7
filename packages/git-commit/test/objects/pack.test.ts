import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runGit } from '../../src/git/run-git.js'
import { gitObject, type ObjectFormat } from '../../src/objects/object.js'
import { packOf } from '../../src/objects/pack.js'

const treeOf = (names: readonly string[], format: ObjectFormat) => {
  const id = Buffer.from(gitObject('blob', Buffer.from('x\n'), format).id, 'hex')
  const entries = names.map((name) => Buffer.concat([Buffer.from(`100644 ${name}\0`), id]))
  return gitObject('tree', Buffer.concat(entries), format)
}

const namesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `file-${String(number).padStart(6, '0')}`)

/** Versions of two large folders in turns: names are added at each end and between, renamed and removed; one is empty. */
const versionsOf = (format: ObjectFormat) => {
  const [first, second] = [namesOf(500), namesOf(900)]
  const versions = Array.from({ length: 130 }, (_, number) => [
    treeOf(
      [...first.slice(0, number * 3), `file-${number}-new`, ...first.slice(number * 3)],
      format,
    ),
    treeOf(second.slice(number % 7, second.length - (number % 5)), format),
  ])
  const odd = [treeOf([], format), treeOf(namesOf(1), format), treeOf(namesOf(20_000), format)]
  const all = [...versions.flat(), ...odd]
  return [...new Map(all.map((object) => [object.id, object])).values()]
}

describe('a pack', () => {
  it.each(['sha1', 'sha256'] as const)(
    'holds each version of a large folder (%s)',
    async (format) => {
      const { path } = await newRepository({ objectFormat: format })
      const trees = versionsOf(format)
      const pack = packOf(trees)
      const stored = await runGit(path, ['index-pack', '--stdin'], { input: pack })
      expect(stored).toMatchObject({ ok: true, stderr: '' })
      const ids = trees.map(({ id }) => id)
      const answer = await runGit(path, ['cat-file', '--batch'], { input: `${ids.join('\n')}\n` })
      const expected = trees.map(({ id, bytes }) =>
        Buffer.concat([Buffer.from(`${id} tree ${bytes.length}\n`), bytes, Buffer.from('\n')]),
      )
      expect(answer.stdout.equals(Buffer.concat(expected))).toBe(true)
      // Without changes of others, each would take more than 2 kB.
      expect(pack.length).toBeLessThan(trees.length * 1000)
    },
  )
})
