import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const hrefOf = (name: string): string =>
  JSON.stringify(new URL(`../lib/${name}.mjs`, import.meta.url).href)

const PROGRAM = `
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { personIn } from ${hrefOf('person')}
import { git, newRepository, tryGit } from ${hrefOf('repository')}
const root = process.argv[1]
const write = (text) => writeFileSync(join(root, 'plain.txt'), text)
newRepository(root)
git(root, 'branch', 'side')
write('one')
git(root, 'stash')
write('other')
git(root, 'commit', '--quiet', '--all', '-m', 'Other')
tryGit(root, 'stash', 'pop')
const unmerged = () => git(root, 'ls-files', '--unmerged').trim() !== ''
const before = unmerged()
personIn(root, 1).settle()
const after = unmerged()
git(root, 'stash')
const { status } = tryGit(root, 'switch', 'side')
process.stdout.write(JSON.stringify({ before, after, status }))
`

it('the person of `proof chaos` resolves files that a stash leaves unmerged', () => {
  const root = mkdtempSync(join(tmpdir(), 'kitty-person-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))
  const args = ['--input-type=module', '--eval', PROGRAM, root]
  const answer = execFileSync(process.execPath, args, { encoding: 'utf8' })
  expect(JSON.parse(answer)).toEqual({ before: true, after: false, status: 0 })
})
