import { newRepository, type Repository } from '@kitty/test-kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeLoose } from '../../src/objects/loose.js'
import { type GitObject, gitObject } from '../../src/objects/object.js'
import { type FileChange, treeEditor } from '../../src/objects/tree-editor.js'

// Names that sort around the slash that a folder's name ends in, and beyond ASCII.
const NAME = fc.constantFrom('a', 'a-b', 'a.b', 'a0', 'b', 'é', 'Z', 'long-name.jsonl')
const PATH = fc.array(NAME, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
const CHANGES = fc.array(fc.tuple(PATH, fc.option(fc.nat({ max: 3 }))), { maxLength: 12 })

type Files = Map<string, string>

/** A file and a folder cannot have the same name: the later one stays. */
const put = (files: Files, path: string, text: string): void => {
  for (const other of [...files.keys()]) {
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other)
  }
  files.set(path, text)
}

/** The tree that git makes of these files. */
const treeOfGit = async ({ gitWith }: Repository, files: Files): Promise<string> => {
  const env = { GIT_INDEX_FILE: 'scratch-index' }
  await gitWith({ env }, 'read-tree', '--empty')
  const lines = [...files].map(([path, text]) => {
    const { id } = gitObject('blob', Buffer.from(text), 'sha1')
    return `100644 ${id}\t${path}\0`
  })
  await gitWith({ env, input: lines.join('') }, 'update-index', '-z', '--index-info')
  return (await gitWith({ env }, 'write-tree', '--missing-ok')).stdout
}

describe('an edited tree', () => {
  it('is the tree that git makes of the same files, whatever was changed before', async () => {
    const repository = await newRepository()
    const property = fc.asyncProperty(fc.array(CHANGES, { maxLength: 3 }), async (commits) => {
      const files: Files = new Map()
      const objects = new Map<string, GitObject>()
      const snapshot = treeEditor(new Map(), 'sha1', (each) => objects.set(each.id, each))
      for (const commit of commits) {
        const changes: FileChange[] = []
        for (const [path, text] of commit) {
          const isKnown = files.has(path)
          if (text === null && isKnown) {
            files.delete(path)
            changes.push({ kind: 'remove', path })
          } else if (text !== null) {
            put(files, path, String(text))
            changes.push({ kind: 'write', path, bytes: Buffer.from(String(text)) })
          }
        }
        expect(snapshot.apply(changes)).toBe(await treeOfGit(repository, files))
      }
    })
    await fc.assert(property, { numRuns: 60 })
  })

  it('loses a file that a folder replaced, though the folder is empty again', () => {
    const editor = treeEditor(new Map(), 'sha1', () => {})
    const empty = editor.apply([])
    editor.apply([{ kind: 'write', path: 'a', bytes: Buffer.from('file') }])
    const changes: FileChange[] = [
      { kind: 'write', path: 'a/b', bytes: Buffer.from('in its place') },
      { kind: 'remove', path: 'a/b' },
    ]
    expect(editor.apply(changes)).toBe(empty)
  })

  it.each(['sha1', 'sha256'] as const)('is read by git, %s', async (objectFormat) => {
    const repository = await newRepository({ objectFormat })
    const objects: GitObject[] = []
    const snapshot = treeEditor(new Map(), objectFormat, (each) => objects.push(each))
    const tree = snapshot.apply([
      { kind: 'write', path: 'kitty-ops/archive/2026-01/x.jsonl', bytes: Buffer.from('x\n') },
      { kind: 'write', path: 'kitty-ops/y.jsonl', bytes: Buffer.from('y\n') },
    ])
    for (const each of objects) await writeLoose(`${repository.path}/.git`, each, 'power')
    expect(await repository.git('ls-tree', '-r', '--name-only', tree)).toBe(
      'kitty-ops/archive/2026-01/x.jsonl\nkitty-ops/y.jsonl',
    )
    expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('')
  })
})
