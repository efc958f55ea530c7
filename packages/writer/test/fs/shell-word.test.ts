import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { shellWord } from '../../src/fs/shell-word.js'

const VISIBLE = [
  '',
  ' ',
  "it's",
  "a $HOME `id` it's $(touch pwned)",
  '; touch pwned; #',
  "\\'; touch pwned; '",
  "'; touch pwned; '\\",
  '"; touch pwned; "',
  '| touch pwned',
  '> pwned',
  '& touch pwned &',
  '(touch pwned)',
  '*',
  '~',
  '!!',
  '=ls',
  '@x',
  '-n',
  '%PATH%',
  'Füße 日本語 “x”',
]

const UNSEEN = [
  'a\nb',
  '\n; touch pwned\n',
  "'\n; touch pwned; '",
  '\\\t\u001b[31m',
  '\u202e$(touch pwned)',
]

const pasted = async (shell: string, word: string) => {
  const cwd = await tempFolder()
  const { stdout, status } = spawnSync(shell, ['-c', `printf '%s' ${word}`], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { stdout, failed: status !== 0, left: await readdir(cwd) }
}

const isHere = (shell: string): boolean => spawnSync(shell, ['-c', ':']).status === 0

const SHELLS = process.platform === 'win32' ? [] : ['sh', 'bash', 'zsh', 'fish', 'dash']

describe.each(SHELLS)('a word for %s', (shell) => {
  it('comes through as it is, and nothing of it is obeyed', async ({ skip }) => {
    skip(!isHere(shell), `there is no ${shell} here`)
    for (const text of VISIBLE) {
      const { stdout, left } = await pasted(shell, shellWord(text, 'linux'))
      expect({ text, stdout, left }).toEqual({ text, stdout: text, left: [] })
    }
  })

  it('does no harm with what cannot be seen', async ({ skip }) => {
    skip(!isHere(shell), `there is no ${shell} here`)
    for (const text of UNSEEN) {
      const word = shellWord(text, 'linux')
      expect(word).not.toMatch(/[\p{Cc}\u202e]/u)
      const { stdout, failed, left } = await pasted(shell, word)
      expect({ text, left }).toEqual({ text, left: [] })
      const reads = shell === 'bash' || shell === 'zsh'
      expect(stdout === text || failed || !reads).toBe(true)
      if (reads) expect(stdout).toBe(text)
    }
  })
})

/** What cmd puts in the place of variables, as it does within quotes too. */
const byCmd = (line: string): string => line.replace(/%PATH%/gi, 'C:\\Windows" & del x & "')

/** Whether cmd finds anything outside of quotes that it obeys. */
const cmdObeys = (line: string): boolean => /[&|<>^()%!]/.test(line.replace(/"[^"]*"/g, ''))

/** The argument that a program of Windows gets from one word of its command line. */
const argumentIn = (line: string): string =>
  line.replace(/^"|"$/g, '').replace(/\\+$/, (slashes) => slashes.slice(slashes.length / 2))

/** The text that PowerShell makes of a word in double quotes; undefined where the word is not one alone. */
const byPowerShell = (word: string): string | undefined =>
  /^["\u201c-\u201e][^"\u201c-\u201e$`]*["\u201c-\u201e]$/.test(word)
    ? word.slice(1, -1)
    : undefined

describe('a word for Windows', () => {
  it.each([
    'C:\\some folder',
    'C:\\a & b | c > d < e ^ f (g)',
    "it's; del x",
    '{x}, y',
    ':(exclude)kitty-ops',
    'Füße 日本語',
    'a=b @x #y',
  ])('%s comes through cmd and PowerShell as it is', (text) => {
    const word = shellWord(text, 'win32')
    expect(cmdObeys(byCmd(word))).toBe(false)
    expect(argumentIn(word)).toBe(text)
    expect(byPowerShell(word)).toBe(text)
  })

  it.each([
    '%PATH%',
    '$(del x)',
    '$env:PATH',
    '`n',
    'a" & del x & "b',
    'a\u201d; del x; \u201cb',
    '!PATH!',
    'a\nb',
    '\u202ex y',
  ])('%j names something that is not there', (text) => {
    const word = shellWord(text, 'win32')
    expect(word).toContain('\ufffd')
    expect(cmdObeys(byCmd(word))).toBe(false)
    expect(byPowerShell(word)).toBe(word.slice(1, -1))
  })

  it('keeps its last quote behind a backslash', () => {
    expect(shellWord('C:\\', 'win32')).toBe('"C:\\\\"')
    expect(argumentIn(shellWord('D:\\a b\\', 'win32'))).toBe('D:\\a b\\')
  })
})

it('what every shell leaves alone is not quoted', () => {
  for (const platform of ['linux', 'win32'] as const) {
    expect(shellWord('/srv/a-b_c@1.2', platform)).toBe('/srv/a-b_c@1.2')
    expect(shellWord('@x', platform)).not.toBe('@x')
  }
})
