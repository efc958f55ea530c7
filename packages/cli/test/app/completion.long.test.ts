import { existsSync, mkdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completionScript } from '../../src/app/completion/script.js'
import { loadCommand, REGISTRY } from '../../src/app/registry.js'
import { builtProgram } from '../support/built.js'
import { openIn, plainVariables, runIn } from '../support/in-process.js'
import { pathOfModule } from '../support/printed-commands.js'
import { canTest, type Shell, startShell } from '../support/shell.js'

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
      const hostile = '$(touch pwned) `touch pwned`; touch pwned \u001b[31m%n$x'
      const open = await openIn(folder, ['do', hostile, '--profile', 'debbie'])
      ids = { closed, open, below: await openIn(below, ['do', 'x', '--root', below]) }
      const programs = await Promise.all(
        ['spec-kitty', 'my-reader'].map((bin) => pathOfModule(bin, builtProgram()[1])),
      )
      const env = { ...plainVariables(), PATH: programs.join(delimiter), HOME: folder }
      shell = await startShell(name, { cwd: folder, env })
      await shell.run(
        name === 'fish'
          ? 'spec-kitty completion fish | source'
          : `eval "$(spec-kitty completion ${name})"`,
      )
    }, 30_000)

    afterAll(() => shell.end())

    it.each(LINES.map(([typed, completed, after = '']) => ({ typed, completed, after })))(
      'completes $typed to $completed',
      async ({ typed, completed, after }) => {
        const { left, right } = await tab(typed, after)
        expect(left.replace(/=$/, '').endsWith(completed), left).toBe(true)
        expect(right).toBe(after.trim())
      },
    )

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
      if (name !== 'bash') {
        expect(shown).toMatch(/do by debbie, open, [^:]+: \$\(touch pwned\) `touch/)
      }
      const flag = await tab(`profile-invocation complete --invocation-id ${open.slice(0, -2)}`)
      expect(flag.left).toMatch(open)
      expect(existsSync(join(folder, 'pwned'))).toBe(false)
      await runIn(folder, ['ops', 'complete', another, '--outcome', 'done'])
    })

    it('completes the ids of all Ops, and of records that are missing', async () => {
      const { closed } = ids
      const typed = closed.slice(0, -2)
      expect((await tab(`ops show ${typed}`)).left).toBe(`spec-kitty ops show ${closed}`)
      const path = join(folder, 'kitty-ops', `${closed}.jsonl`)
      expect((await tab('ops restore ')).left).toBe('spec-kitty ops restore')
      await rm(path)
      expect((await tab('ops restore ')).left).toBe(`spec-kitty ops restore ${closed}`)
      await runIn(folder, ['ops', 'restore', '--all'])
    })

    it.each([
      '--root sub\\ dir ops complete ',
      'ops complete --root "sub dir" ',
      'ops complete --root=sub\\ dir ',
      '--root ~/sub\\ dir ops complete --json ',
    ])('completes ids from the named root in %s', async (typed) => {
      expect((await tab(typed)).left).toMatch(ids.below)
    })

    it('completes a program of another name, with another separator', async () => {
      const summaries = new Map([...REGISTRY].map(([command, { summary }]) => [command, summary]))
      const program = { bin: 'my-reader', topicSeparator: ':' }
      const script = await completionScript(name, program, {
        summaries,
        load: loadCommand,
        words: {},
      })
      await writeFile(join(folder, 'sub dir', 'script'), script)
      await shell.run("source 'sub dir/script'")
      const left = async (typed: string) => (await shell.tab(`my-reader ${typed}`)).left.trimEnd()
      expect(await left('ops:tim')).toBe('my-reader ops:timeline')
      expect(await left('--json ops:complete --outcome=fa')).toMatch(/ --outcome=failed$/)
      expect(await left('ops:complete ')).toBe(`my-reader ops:complete ${ids.open}`)
    })

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
        // A shell can beep. On a slow machine, fish marks the line that its prompt interrupts.
        expect(
          shown
            .replaceAll('\u0007', '')
            .replaceAll(/[\s⏎]|\^G/g, '')
            .replaceAll(/LINE<.*>|s?spec-kittyopscomplete/g, ''),
        ).toBe('')
      }
      await shell.run(`cd '${folder}'`)
    })
  })
})
