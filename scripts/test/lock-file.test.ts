import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the lock file names packages, but no URL and no tarball', () => {
  const text = readFileSync(new URL('../../pnpm-lock.yaml', import.meta.url), 'utf8')
  expect(text).toContain("lockfileVersion: '9.0'")
  expect(text).not.toMatch(/https?:|tarball:/)
})
