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
  it('is passed unchanged, and nothing in it is interpreted', async ({ skip }) => {
    skip(!isHere(shell), `there is no ${shell} here`)
    for (const text of VISIBLE) {
      const { stdout, left } = await pasted(shell, shellWord(text, 'linux'))
      expect({ text, stdout, left }).toEqual({ text, stdout: text, left: [] })
    }
  })

  it('is harmless with invisible characters', async ({ skip }) => {
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

/** Expands variables as cmd does, even inside quotes. */
const byCmd = (line: string): string => line.replace(/%PATH%/gi, 'C:\\Windows" & del x & "')

/** Whether cmd would interpret anything outside quotes. */
const cmdObeys = (line: string): boolean => /[&|<>^()%!]/.test(line.replace(/"[^"]*"/g, ''))

/** The argument that a Windows program gets from one word of its command line. */
const argumentIn = (line: string): string =>
  line.replace(/^"|"$/g, '').replace(/\\+$/, (slashes) => slashes.slice(slashes.length / 2))

/** The text that PowerShell makes of a word in double quotes; `undefined` if it is not a single word. */
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
  ])('%s is passed unchanged by cmd and PowerShell', (text) => {
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
  ])('%j matches nothing', (text) => {
    const word = shellWord(text, 'win32')
    expect(word).toContain('\ufffd')
    expect(cmdObeys(byCmd(word))).toBe(false)
    expect(byPowerShell(word)).toBe(word.slice(1, -1))
  })

  it('keeps its closing quote after a backslash', () => {
    expect(shellWord('C:\\', 'win32')).toBe('"C:\\\\"')
    expect(argumentIn(shellWord('D:\\a b\\', 'win32'))).toBe('D:\\a b\\')
  })
})

it('text that is plain in every shell is not quoted', () => {
  for (const platform of ['linux', 'win32'] as const) {
    expect(shellWord('/srv/a-b_c@1.2', platform)).toBe('/srv/a-b_c@1.2')
    expect(shellWord('@x', platform)).not.toBe('@x')
  }
})
