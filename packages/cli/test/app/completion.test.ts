import { existsSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completionScript, SHELLS } from '../../src/app/completion/script.js'
import { loadCommand, REGISTRY } from '../../src/app/registry.js'
import { builtProgram } from '../support/built.js'
import { openIn, plainVariables, runIn } from '../support/in-process.js'
import { pathOfProgram } from '../support/printed-commands.js'
import { canTest, type Shell, type ShellName, startShell } from '../support/shell.js'

/** What is typed, and what the line is after one press of the tab key; spaces at its end are ignored. */
const LINES: readonly (readonly [typed: string, completed: string, right?: string])[] = [
  // Topics, commands and flags.
  ['op', 'ops'],
  ['ops comp', 'ops complete'],
  ['--json ops sho', 'ops show'],
  ['--root sub\\ dir ops sho', 'ops show'],
  ['ops complete --out', '--outcome'],
  ['ops restore --a', '--all'],
  ['--vers', '--version'],
  ['ops sh', 'ops show', ' --json'],
  // Values.
  ['ops complete --outcome fa', '--outcome failed'],
  ['ops complete --outcome=fa', '--outcome=failed'],
  ['ops complete --outcome=fa', '--outcome=failed', ' --json'],
  ['ops complete --require-commit --outcome fa', '--outcome failed'],
  ['ops complete --artifact https://a/b --artifact=c:d --artifact e=f --outcome fa', 'failed'],
  ['do x --mode adv', '--mode advisory'],
  ['ops list --outcome unk', '--outcome unknown'],
  ['doctor ops --check open-op --check=stale', '--check=stale-op'],
  ['hooks install cl', 'install claude-code'],
  ['completion fi', 'completion fish'],
  ['ops list --profile so', '--profile so'],
  ['do so', 'do so'],
  // Files and folders.
  ['ops complete --evidence some', '--evidence some\\ file.md'],
  ['ops complete --artifact=some', '--artifact=some\\ file.md'],
  ['do x --governance "some f', '--governance "some file.md"'],
  ['ops report -o some', '-o some\\ file.md'],
  ['ops validate some\\ file.md su', 'some\\ file.md sub\\ dir/'],
  ["ops validate '$(touch", "ops validate '$(touch pwned)'"],
  ['--root s', '--root sub\\ dir/'],
  ['ops list --root=s', '--root=sub\\ dir/'],
  // The command after --.
  ['do "x -- y" -- spec-kitty ops sho', '-- spec-kitty ops show'],
  ['ask --json x -- spec-kitty ops complete --outcome=fa', '--outcome=failed'],
  ['do x --json -- cat some', 'cat some\\ file.md'],
]

describe.each(['bash', 'zsh', 'fish'] as const)('completion in %s', (name) => {
  // It needs this shell, and a pseudo-terminal.
  describe.skipIf(!canTest(name))('at a terminal', () => {
    let shell: Shell
    let folder: string
    let ids: { readonly closed: string; readonly open: string; readonly below: string }

    const tab = async (typed: string, after?: string) => {
      const { left, right, shown } = await shell.tab(`spec-kitty ${typed}`, after)
      return { left: left.trimEnd(), right: right.trim(), shown }
    }

    beforeAll(async () => {
      const repository = await newRepository()
      folder = repository.path
      await repository.write('some file.md', 'x')
      await repository.write('$(touch pwned)', 'x')
      const below = join(folder, 'sub dir')
      mkdirSync(join(below, '.kittify'), { recursive: true })
      const closed = await openIn(folder)
      await runIn(folder, ['ops', 'complete', closed, '--outcome', 'done'])
      const hostile = '$(touch pwned) `touch pwned`; touch pwned \u001b[31m%n${x}'
      const open = await openIn(folder, ['do', hostile, '--profile', 'debbie'])
      ids = { closed, open, below: await openIn(below, ['do', 'x', '--root', below]) }
      const env = { ...plainVariables(), PATH: await pathOfProgram('all'), HOME: folder }
      shell = await startShell(name, { cwd: folder, env })
      await shell.run(
        name === 'fish'
          ? 'spec-kitty completion fish | source'
          : `eval "$(spec-kitty completion ${name})"`,
      )
    }, 30_000)

    afterAll(() => shell.end())

    it.each(LINES)('completes %s to %s', async (typed, completed, after) => {
      const { left, right } = await tab(typed, after)
      expect(left.replace(/=$/, '').endsWith(completed), left).toBe(true)
      expect(right).toBe(after?.trim() ?? '')
    })

    it('lists commands, and nothing else', async () => {
      const { shown } = await tab('')
      for (const word of ['advise', 'ask', 'completion', 'doctor', 'hooks', 'ops']) {
        expect(shown).toContain(word)
      }
      expect(shown).not.toContain('some')
    })

    it('completes the ids of open Ops, and runs nothing that a record contains', async () => {
      const { closed, open } = ids
      expect((await tab('ops complete ')).left).toBe(`spec-kitty ops complete ${open}`)
      const another = await openIn(folder)
      const { shown } = await tab('ops complete ')
      expect(shown).toContain(open)
      expect(shown).toContain(another)
      expect(shown).not.toContain(closed)
      if (name !== 'bash') expect(shown).toContain('do by debbie, open, now: $(touch pwned) `touch')
      expect(
        (await tab(`profile-invocation complete --invocation-id ${open.slice(0, -2)}`)).left,
      ).toMatch(open)
      expect(existsSync(join(folder, 'pwned'))).toBe(false)
      await runIn(folder, ['ops', 'complete', another, '--outcome', 'done'])
    })

    it('completes the ids of all Ops, and of records that are missing', async () => {
      const { closed } = ids
      const typed = closed.slice(0, -2)
      expect((await tab(`ops show ${typed}`)).left).toBe(`spec-kitty ops show ${closed}`)
      const path = join(folder, 'kitty-ops', `${closed}.jsonl`)
      expect((await tab(`ops restore ${typed}`)).left).toBe(`spec-kitty ops restore ${typed}`)
      await rm(path)
      expect((await tab('ops restore ')).left).toBe(`spec-kitty ops restore ${closed}`)
      await runIn(folder, ['ops', 'restore', '--all'])
    })

    it.each(['--root sub\\ dir', '--root "sub dir"', '--root=sub\\ dir', '--root ~/sub\\ dir'])(
      'completes ids from the root after %s',
      async (root) => {
        expect((await tab(`${root} ops complete `)).left).toMatch(ids.below)
        expect((await tab(`ops complete ${root} `)).left).toMatch(ids.below)
      },
    )

    it('works in a folder below, prints nothing outside a project, nor without the program', async () => {
      const elsewhere = await tempFolder()
      mkdirSync(join(folder, 'deep', 'er'), { recursive: true })
      await shell.run('cd deep/er')
      expect((await tab('ops complete ')).left).toMatch(ids.open)
      await shell.run(`cd '${elsewhere}'`)
      const outside = await tab('ops complete ')
      expect(outside.left).toBe('spec-kitty ops complete')
      await shell.run(name === 'fish' ? 'set kept $PATH; set PATH /none' : 'kept=$PATH PATH=/none')
      const without = await tab('ops complete ')
      await shell.run(name === 'fish' ? 'set PATH $kept' : 'PATH=$kept')
      for (const { shown } of [outside, without]) {
        expect(
          shown.replaceAll(/\s/g, '').replaceAll(/LINE<.*>|s?spec-kittyopscomplete/g, ''),
        ).toBe('')
      }
      await shell.run(`cd '${folder}'`)
    })
  })
})
