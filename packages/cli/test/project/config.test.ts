import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/project/config-yaml.js'
import { readConfig } from '../../src/project/read-config.js'
import { DEFAULTS } from '../../src/project/settings.js'

const rootWith = async (text: string): Promise<string> => {
  const root = await tempFolder()
  await mkdir(join(root, '.kittify'))
  await writeFile(join(root, '.kittify', 'config.yaml'), text)
  return root
}

const wrong = (text: string) => {
  try {
    return parseConfig(text, 'config.yaml')
  } catch (error) {
    return error
  }
}

describe('the configuration', () => {
  it('can be missing', async () => {
    expect(await readConfig(await tempFolder())).toEqual(DEFAULTS)
  })

  it('can be without settings', async () => {
    expect(await readConfig(await rootWith(''))).toEqual(DEFAULTS)
    expect(await readConfig(await rootWith('agents:\n  - claude\n'))).toEqual(DEFAULTS)
    expect(await readConfig(await rootWith('ops:\n'))).toEqual(DEFAULTS)
  })

  it('sets what it names, and keeps the other defaults', async () => {
    const root = await rootWith('agents: [claude]\nops:\n  commit: safe\n  threshold_hours: 48\n')
    expect(await readConfig(root)).toEqual({ ...DEFAULTS, commit: 'safe', thresholdHours: 48 })
  })

  it('can set everything', () => {
    const text =
      'ops: {commit: ledger, ledger: false, ledger_evidence_limit: 1.5 MiB, remote: team, sign: auto, detached: commit, exclude: false, actor: git, durability: process, redact: false, redact_patterns: ["acme-[0-9]+", /ticket/i], link_commits: true, commit_index: false, threshold_hours: 0}'
    expect(parseConfig(text, 'config.yaml')).toEqual({
      commit: 'ledger',
      ledger: false,
      ledgerEvidenceLimit: 1_572_864,
      remote: 'team',
      sign: 'auto',
      detached: 'commit',
      exclude: false,
      actor: 'git',
      durability: 'process',
      redact: false,
      redactPatterns: ['acme-[0-9]+', '/ticket/i'],
      linkCommits: true,
      commitIndex: false,
      thresholdHours: 0,
    })
  })

  it.each([
    ['0', 0],
    ['4096', 4096],
    ['512 KiB', 524_288],
    ['512KiB', 524_288],
    ['10 MiB', 10_485_760],
    ['"100 B"', 100],
  ])('reads the size %s', (size, ledgerEvidenceLimit) => {
    const text = `ops: {ledger_evidence_limit: ${size}}`
    expect(parseConfig(text, 'config.yaml')).toMatchObject({ ledgerEvidenceLimit })
  })

  it.each([
    [
      'a value that is none of the choices',
      'ops:\n  redact: true\n  commit: git\n',
      'config.yaml:3: ops.commit must be direct, safe, ledger or none',
    ],
    [
      'a name for who is at work',
      'ops:\n  actor: ursula\n',
      'config.yaml:2: ops.actor must be operator or git',
    ],
    [
      'the address of a remote',
      'ops:\n  remote: https://example.org/x.git\n',
      'config.yaml:2: ops.remote must be the name of a remote, not its address',
    ],
    [
      'a number that is too small',
      'ops:\n  threshold_hours: -1\n',
      'config.yaml:2: ops.threshold_hours must be a number of hours, 0 or more',
    ],
    [
      'a size that cannot be read',
      'ops:\n  ledger_evidence_limit: 5MB\n',
      'config.yaml:2: ops.ledger_evidence_limit must be a number of bytes, or a number with KiB or MiB, such as 5 MiB',
    ],
    [
      'a size below zero',
      'ops:\n  ledger_evidence_limit: -1\n',
      'config.yaml:2: ops.ledger_evidence_limit must be a number of bytes, or a number with KiB or MiB, such as 5 MiB',
    ],
    [
      'a word for a truth',
      '\n\nops:\n  redact: "yes"\n',
      'config.yaml:4: ops.redact must be true or false',
    ],
    [
      'a pattern that is no regular expression',
      'ops:\n  redact_patterns:\n    - acme-\\d+\n    - "("\n',
      'config.yaml:4: ops.redact_patterns.1 is not a regular expression: Unterminated group',
    ],
    [
      'a pattern that matches the empty text',
      'ops:\n  redact_patterns: ["(acme)?"]\n',
      'config.yaml:2: ops.redact_patterns.0 matches the empty text',
    ],
    [
      'a pattern that is no text',
      'ops:\n  redact_patterns: [5]\n',
      'config.yaml:2: ops.redact_patterns.0 must be a regular expression, in quotes',
    ],
    [
      'patterns that are no list',
      'ops:\n  redact_patterns: acme\n',
      'config.yaml:2: ops.redact_patterns must be a list of regular expressions',
    ],
    [
      'an unknown setting',
      'ops:\n  commit: safe\n  comit: safe\n',
      'config.yaml:3: ops.comit is not a setting',
    ],
    [
      'something else than settings',
      'a: 1\nops: [direct]\n',
      'config.yaml:2: ops must be a mapping of settings',
    ],
    [
      'an unknown setting of protection',
      'protection:\n  protected_branch: [main]\n',
      'config.yaml:2: protection.protected_branch is not a setting',
    ],
    [
      'a protected branch that is no list',
      'ops: {commit: safe}\nprotection:\n  protected_branches: main\n',
      'config.yaml:3: protection.protected_branches must be a list of branch names',
    ],
    ['a file that is a list', '- ops\n', 'config.yaml:1: the file must be a mapping of settings'],
    [
      'no value at all',
      'ops:\n  commit:\n',
      'config.yaml:2: ops.commit must be direct, safe, ledger or none',
    ],
  ])('names line and reason of %s', (_, text, message) => {
    expect(wrong(text)).toMatchObject({ code: 'CONFIG_INVALID', message })
  })

  it('lists the known settings in its error', () => {
    expect(wrong('protection:\n  branches: []\n')).toMatchObject({
      hint: 'Correct the line. The settings under "protection" are: protected_branches.',
    })
    expect(wrong('ops:\n  x: 1\n')).toMatchObject({
      hint: expect.stringMatching(
        /The settings under "ops" are: commit, ledger, ledger_evidence_limit, remote, sign, detached, exclude, actor, /,
      ),
    })
  })

  it('says in its hint what a pattern must be', () => {
    expect(wrong('ops: {redact_patterns: ["["]}\n')).toMatchObject({
      hint: expect.stringMatching(
        /^Correct the line\. Each entry of ops\.redact_patterns must be a JavaScript regular expression/,
      ),
    })
  })

  it('names every problem, in the order of the lines', () => {
    const text =
      'protection:\n  x: 1\n  protected_branches: 5\nops:\n  colour: 1\n  redact: no way\n  color: 2\n'
    expect(wrong(text)).toMatchObject({
      message: [
        'config.yaml:2: protection.x is not a setting',
        'line 3: protection.protected_branches must be a list of branch names',
        'line 5: ops.colour is not a setting',
        'line 6: ops.redact must be true or false',
        'line 7: ops.color is not a setting',
      ].join('; '),
      hint: expect.stringMatching(/^Correct the lines\. .*"ops" are: .*"protection" are: /),
    })
  })

  it('names the line that is not YAML', () => {
    expect(wrong('ops:\n  commit: [\n')).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^config\.yaml:[23]: /),
    })
  })

  it('refuses aliases that expand too much', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`,
    )
    expect(wrong(`a0: &a0 [x]\n${levels.join('\n')}\nops: {}\n`)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('alias'),
    })
  })

  it('executes nothing in the file', () => {
    expect(wrong('ops: !!js/function "function () { throw 1 }"\n')).toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  it.skipIf(process.platform === 'win32')('is refused as a symbolic link', async () => {
    const real = await rootWith('ops: {commit: none}\n')
    const root = await tempFolder()
    await symlink(join(real, '.kittify'), join(root, '.kittify'))
    await expect(readConfig(root)).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    const other = await tempFolder()
    await mkdir(join(other, '.kittify'))
    await symlink(join(real, '.kittify', 'config.yaml'), join(other, '.kittify', 'config.yaml'))
    await expect(readConfig(other)).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
  })
})
