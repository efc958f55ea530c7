// Runs the program `reader` of this example in a new repository.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = mkdtempSync(join(tmpdir(), 'kitty-example-'))
const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8' })
const git = (...args: string[]): string => run('git', ...args)
const reader = (...args: string[]): string =>
  run(process.execPath, fileURLToPath(new URL('reader.js', import.meta.url)), ...args)

git('init', '--quiet')
git('config', 'user.name', 'Example')
git('config', 'user.email', 'example@example.org')

console.log(reader('summarize', 'the quick brown fox'))
console.log(git('log', '--format=%s'))
console.log(reader('ops', 'list'))
console.log(reader('do', 'Read on'))
