import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

type PrivateEntries = { readonly checkPrivateEntries: (top: string) => void }

const module = new URL('../api/private-entries.mjs', import.meta.url).href
const { checkPrivateEntries }: PrivateEntries = await import(module)

const path = mkdtempSync(join(tmpdir(), 'kitty-released-'))
afterAll(() => rmSync(path, { recursive: true, force: true }))

const REPORT = (text: string) =>
  `# The API\n\n## \`@kitty/writer\`\n\npublic\n\n## \`@kitty/writer/internals\`\n\n${text}\n`

const git = (...args: string[]) => execFileSync('git', args, { cwd: path })

/** A repository whose package has the version 1.2.0, as in a commit that can be released, and has another commit since. */
const versioned = () => {
  git('init', '-q')
  for (const folder of ['.changeset', 'docs/api', 'packages/writer']) {
    mkdirSync(join(path, folder), { recursive: true })
  }
  const write = (name: string, text: string) => writeFileSync(join(path, name), text)
  const commit = (message: string) => {
    git('add', '-A')
    git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', message)
  }
  const manifest = { name: '@kitty/writer', version: '1.1.0' }
  const setVersion = (version: string) =>
    write('packages/writer/package.json', JSON.stringify({ ...manifest, version }, null, 2))
  setVersion('1.1.0')
  write('docs/api/writer.md', REPORT('older'))
  commit('before')
  setVersion('1.2.0')
  write('docs/api/writer.md', REPORT('as released'))
  commit('release')
  write('note', 'later')
  commit('after')
  return write
}

it('an entry point for our own packages changes only with a minor version of its package', () => {
  const write = versioned()
  const check = () => checkPrivateEntries(path)
  write('docs/api/writer.md', REPORT('not released'))
  expect(check).not.toThrow()
  git('tag', '@kitty/writer@1.2.0', 'HEAD~1')
  expect(check).toThrow('@kitty/writer/internals differs from the last release')
  write('docs/api/writer.md', REPORT('as released'))
  expect(check).not.toThrow()
  write('docs/api/writer.md', REPORT('as released').replace('public', 'another public name'))
  expect(check).not.toThrow()
  write('docs/api/writer.md', REPORT('as released, and more'))
  expect(check).toThrow('@kitty/writer/internals differs from the last release')
  write('.changeset/a.md', "---\n'@kitty/writer': patch\n'@kitty/record': minor\n---\n\nText\n")
  expect(check).toThrow('Add a changeset that raises @kitty/writer by a minor version.')
  write('.changeset/a.md', "---\n'@kitty/writer': minor\n---\n\nText\n")
  expect(check).not.toThrow()
})
