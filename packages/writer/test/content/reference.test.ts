import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { isUrl, pathOf, relativeBelow } from '../../src/content/reference.js'

const ROOT = join(sep, 'project')

it('distinguishes URLs from paths; a file URL is a path', () => {
  expect(isUrl('https://example.org/run/7')).toBe(true)
  expect(isUrl('s3://bucket/key')).toBe(true)
  for (const path of [
    'report.txt',
    './a:b',
    'C:\\report.txt',
    'mailto:somebody',
    'file:///x',
    '',
  ]) {
    expect(isUrl(path)).toBe(false)
  }
})

it('resolves paths relative to the root, absolute paths and file URLs', () => {
  expect(pathOf(ROOT, 'a/b.txt')).toBe(join(ROOT, 'a', 'b.txt'))
  expect(pathOf(ROOT, join(ROOT, 'c.txt'))).toBe(join(ROOT, 'c.txt'))
  expect(pathOf(ROOT, pathToFileURL(join(ROOT, 'a file.txt')).href)).toBe(join(ROOT, 'a file.txt'))
})

it('refuses a file URL that is not a path', () => {
  expect(() => pathOf(ROOT, 'file:///a%2Fb')).toThrowError(
    expect.objectContaining({ code: 'REFERENCE_INVALID' }),
  )
})

it('tells paths below a folder from paths outside it', () => {
  expect(relativeBelow(ROOT, join(ROOT, 'a', 'b'))).toBe('a/b')
  expect(relativeBelow(ROOT, ROOT)).toBe('')
  expect(relativeBelow(ROOT, join(ROOT, '..hidden'))).toBe('..hidden')
  expect(relativeBelow(ROOT, sep)).toBeUndefined()
  expect(relativeBelow(ROOT, `${ROOT}-other`)).toBeUndefined()
})
