import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { artifactLink } from '../../src/content/reference.js'

describe('an artifact link', () => {
  it('is relative inside the root, with forward slashes', async () => {
    const root = await tempFolder()
    const inside = { kind: 'file', ref: 'docs/report.md' }
    expect(artifactLink(root, 'docs/report.md', 'file')).toEqual(inside)
    expect(artifactLink(root, './docs/../docs/report.md', 'file')).toEqual(inside)
    expect(artifactLink(root, join(root, 'docs', 'report.md'), 'file')).toEqual(inside)
  })

  it('is `.` for the root itself', async () => {
    const root = await tempFolder()
    expect(artifactLink(root, root, 'folder')).toEqual({ kind: 'folder', ref: '.' })
  })

  it('reveals only the file name outside the root', async () => {
    const root = await tempFolder()
    const outside = { kind: 'file:external', ref: 'notes.txt' }
    expect(artifactLink(root, '/home/ursula/notes.txt', 'file')).toEqual(outside)
    expect(artifactLink(root, '../notes.txt', 'file')).toEqual(outside)
    expect(artifactLink(root, '../notes.txt', 'file:external')).toEqual(outside)
    expect(artifactLink(root, pathToFileURL('/home/ursula/notes.txt').href, 'file')).toEqual(
      outside,
    )
    expect(artifactLink(root, 'C:\\Users\\ursula\\notes.txt', 'file')).toEqual(outside)
  })

  it.skipIf(process.platform === 'win32')('recognizes a file URL with one slash', async () => {
    const root = await tempFolder()
    const outside = { kind: 'file:external', ref: 'notes.txt' }
    expect(artifactLink(root, 'file:/home/ursula/notes.txt', 'file')).toEqual(outside)
  })

  it('keeps URLs unchanged', async () => {
    const root = await tempFolder()
    const link = { kind: 'run', ref: 'https://example.org/runs/7' }
    expect(artifactLink(root, link.ref, link.kind)).toEqual(link)
  })

  it.skipIf(process.platform === 'win32')('recognizes the root under another path', async () => {
    const root = await tempFolder()
    const other = join(await tempFolder(), 'other-name')
    await symlink(root, other)
    const ticket = { kind: 'file', ref: 'not/there/yet.txt' }
    expect(artifactLink(root, join(other, 'not/there/yet.txt'), 'file')).toEqual(ticket)
    expect(artifactLink(other, join(root, 'not/there/yet.txt'), 'file')).toEqual(ticket)
  })
})
