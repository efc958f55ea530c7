import { newOpId } from '@kitty/record'
import { newRepository } from '@kitty/test-kit'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { openIn, runIn } from '../support/in-process.js'

const COMMANDS =
  'ask advise do ops list show complete validate schema verify restore reindex archive timeline report doctor hooks install session-start session-end completion bash config profile-invocation help'
const FLAGS =
  '--json --help --version --dry-run --all --outcome --evidence --artifact --commit --profile --action --actor --mode --mission --wp --model --since --until --status --columns --csv --older-than --keep --threshold --close-stale --fix --check --deep --governance --no-redact --require-commit -n -h -V -- - -x --='
const VALUES =
  'done failed abandoned open closed 0 -1 1e9 NaN 1d yesterday 2026-01-31 README.md kitty-ops . .. / HEAD no-such-file node'

const vocabulary = [COMMANDS, FLAGS, VALUES].flatMap((words) => words.split(' '))

const WORD = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...vocabulary) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '\0', '\u001b[31m', '\ud800', '__proto__', '😺') },
  { weight: 1, arbitrary: fc.constantFrom(newOpId(), '0', '01', newOpId().slice(0, 6)) },
)
const START = fc.constantFrom(
  ...[[], ['ops'], ['do'], ['ask', 'why'], ['ops', 'list'], ['ops', 'show'], ['ops', 'complete']],
  ...[['ops', 'archive'], ['ops', 'validate'], ['doctor', 'ops'], ['config', 'show'], ['hooks']],
)
const ARGV = fc.tuple(START, fc.array(WORD, { maxLength: 7 })).map((parts) => parts.flat())

// Frames of a stack, and the names of JavaScript's own errors.
const TRACE = /^\s+at .+(:\d+:\d+|<anonymous>)\)?$|\b(TypeError|RangeError|ReferenceError)\b/m

it('no arguments print a stack trace, and the exit status is one of three', async () => {
  const { path } = await newRepository()
  await openIn(path)
  const property = fc.asyncProperty(ARGV, async (argv) => {
    const { status, stdout, stderr } = await runIn(path, argv, { stdin: '{"a": ' })
    expect(stderr).not.toMatch(TRACE)
    expect(stdout).not.toMatch(TRACE)
    // A command after `--` can have any exit status, which is passed on.
    if (!argv.includes('--')) expect([0, 1, 2]).toContain(status)
    if (status !== 0 && !argv.includes('--')) expect(stdout + stderr).not.toBe('')
  })
  await fc.assert(property, { numRuns: 400 })
})
