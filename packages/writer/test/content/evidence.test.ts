import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseOpRecord, type StartedEvent } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { type CheckedEvidence, checkEvidence, promoteEvidence } from '../../src/content/evidence.js'
import type { Durability } from '../../src/fs/durability.js'
import { idAt, put, startedLine } from '../support/records.js'
import { SIGNED_TOKEN } from '../support/tokens.js'

const ID = idAt(0)
const TOKEN = `gh${'p'}_${'a1B2'.repeat(9)}`
const isWindows = process.platform === 'win32'

const started = (mode: string | undefined = 'task_execution'): StartedEvent => {
  const { started: event } = parseOpRecord(startedLine(ID, { mode_of_work: mode }))
  if (event === undefined) throw new Error('the line is not a started event')
  return event
}

const projectWith = async (path: string, content: string | Uint8Array): Promise<string> => {
  const root = await tempFolder()
  await put(root, path, content)
  return root
}

const check = (root: string, reference: string, lookForSecrets = true): Promise<CheckedEvidence> =>
  checkEvidence(root, started(), reference, lookForSecrets)

/** Checks and promotes evidence, as a close does. */
const promote = async (root: string, reference: string, durability: Durability) =>
  promoteEvidence(root, ID, await check(root, reference), durability)

describe('evidence is accepted', () => {
  it.each(['task_execution', 'mission_step', null])('in mode %s', async (mode) => {
    const root = await projectWith('report.txt', 'fine')
    const event = started(mode ?? undefined)
    await expect(checkEvidence(root, event, 'report.txt', true)).resolves.toMatchObject({
      name: 'report.txt',
    })
    expect(await readdir(root)).toEqual(['report.txt'])
  })

  it('as a byte-for-byte copy in the folder of its Op', async () => {
    const bytes = Uint8Array.of(0, 1, 255, 13, 10)
    const root = await projectWith('out/report.bin', bytes)
    const path = `.kittify/evidence/${ID}/report.bin`
    const ticket = { evidence_ref: path, paths: [path] }
    for (const reference of ['out/report.bin', join(root, 'out', 'report.bin')]) {
      expect(await promote(root, reference, 'power')).toEqual(ticket)
    }
    const url = pathToFileURL(join(root, 'out', 'report.bin')).href
    expect(await promote(root, url, 'process')).toEqual(ticket)
    expect(new Uint8Array(await readFile(join(root, path)))).toEqual(bytes)
    expect(await readdir(join(root, '.kittify', 'evidence', ID))).toEqual(['report.bin'])
  })

  it('under the composed form of its name, as git has it on every system', async () => {
    const decomposed = 're\u0301sume\u0301.txt'
    const root = await projectWith(decomposed, 'fine')
    const { evidence_ref } = await promote(root, decomposed, 'process')
    expect(evidence_ref).toBe(`.kittify/evidence/${ID}/r\u00e9sum\u00e9.txt`)
    expect(await readFile(join(root, evidence_ref), 'utf8')).toBe('fine')
  })

  it('again when a close is repeated, with the current content of the file', async () => {
    const root = await projectWith('report.txt', 'first')
    const { evidence_ref } = await promote(root, 'report.txt', 'power')
    await put(root, 'report.txt', 'second')
    await promote(root, 'report.txt', 'power')
    expect(await readFile(join(root, evidence_ref), 'utf8')).toBe('second')
    expect(await promote(root, evidence_ref, 'power')).toMatchObject({ evidence_ref })
  })

  it('with the bytes that were checked, even if the file has changed since', async () => {
    const root = await projectWith('report.txt', 'fine')
    const checked = await check(root, 'report.txt')
    await put(root, 'report.txt', TOKEN)
    const { evidence_ref } = await promoteEvidence(root, ID, checked, 'power')
    expect(await readFile(join(root, evidence_ref), 'utf8')).toBe('fine')
  })

  it('as a URL, which is not copied', async () => {
    const root = await tempFolder()
    const url = 'https://ci.example.org/runs/7?step=2'
    await check(root, url)
    expect(await promote(root, url, 'power')).toEqual({ evidence_ref: url, paths: [] })
    expect(await readdir(root)).toEqual([])
  })

  it.skipIf(isWindows)('through a symbolic link that stays inside the project', async () => {
    const root = await projectWith('real.txt', 'fine')
    await symlink('real.txt', join(root, 'link.txt'))
    const { evidence_ref } = await promote(root, 'link.txt', 'power')
    expect(await readFile(join(root, evidence_ref), 'utf8')).toBe('fine')
  })
})

describe('evidence is refused', () => {
  it.each(['advisory', 'query', 'something-else'])('in mode %s', async (mode) => {
    const root = await projectWith('report.txt', 'fine')
    for (const reference of ['report.txt', 'https://example.org/']) {
      const checked = checkEvidence(root, started(mode), reference, true)
      await expect(checked).rejects.toMatchObject({ code: 'EVIDENCE_NOT_ALLOWED' })
    }
  })

  it.each([
    ['that does not exist', 'gone.txt', 'EVIDENCE_NOT_FOUND'],
    ['below a file', 'report.txt/below', 'EVIDENCE_NOT_FOUND'],
    ['outside the root', '../outside.txt', 'EVIDENCE_OUTSIDE_ROOT'],
    ['that is a folder', 'folder', 'EVIDENCE_INVALID'],
    ['that is the root', '.', 'EVIDENCE_INVALID'],
    ['without a name', '', 'EVIDENCE_INVALID'],
    ['with a name that git treats specially', 'folder/.gitattributes', 'EVIDENCE_INVALID'],
    ['that is not a URL', 'https://', 'EVIDENCE_INVALID'],
  ])('%s', async (_, reference, code) => {
    const base = await tempFolder()
    await put(base, 'outside.txt', '')
    const root = join(base, 'project')
    await put(root, 'report.txt', '')
    await put(root, 'folder/.gitattributes', '')
    await expect(check(root, reference)).rejects.toMatchObject({ code })
    expect((await readdir(root)).sort()).toEqual(['folder', 'report.txt'])
  })

  it.skipIf(isWindows)('behind a symbolic link that leaves the root', async () => {
    const root = await tempFolder()
    const elsewhere = await projectWith('private.txt', 'x')
    await symlink(join(elsewhere, 'private.txt'), join(root, 'link.txt'))
    const refused = { code: 'EVIDENCE_OUTSIDE_ROOT' }
    await expect(check(root, 'link.txt')).rejects.toMatchObject(refused)
    const promoted = promote(root, 'link.txt', 'power')
    await expect(promoted).rejects.toMatchObject(refused)
  })

  it.skipIf(isWindows)('if its folder is a symbolic link', async () => {
    const root = await projectWith('report.txt', 'fine')
    const elsewhere = await tempFolder()
    await mkdir(join(root, '.kittify'))
    await symlink(elsewhere, join(root, '.kittify', 'evidence'))
    const promoted = promote(root, 'report.txt', 'power')
    await expect(promoted).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    expect(await readdir(elsewhere)).toEqual([])
  })
})

describe('a secret in evidence', () => {
  const refused = { code: 'EVIDENCE_SECRETS' }

  it.each([
    ['a text', Buffer.from(`log\n${TOKEN}\n`)],
    ['a text in UTF-16', Buffer.from(`\ufeff${TOKEN}\n`, 'utf16le')],
    ['a text in UTF-16, big-endian', Buffer.from(`\ufeff${TOKEN}\n`, 'utf16le').swap16()],
  ])('is found in %s', async (_, bytes) => {
    const root = await projectWith('report.txt', bytes)
    await expect(check(root, 'report.txt')).rejects.toMatchObject(refused)
    await expect(check(root, 'report.txt', false)).resolves.toBeDefined()
  })

  it('is never named', async () => {
    const root = await projectWith('report.txt', TOKEN)
    const error: unknown = await check(root, 'report.txt').catch((caught: unknown) => caught)
    expect(JSON.stringify(error)).not.toContain(TOKEN)
    expect(String(error)).not.toContain(TOKEN)
  })

  it('has its kind and its line in the message, up to five', async () => {
    const lines = ['start', `${TOKEN} ${SIGNED_TOKEN}`, '', 'x', TOKEN].join('\n')
    const root = await projectWith('report.txt', lines)
    await expect(check(root, 'report.txt')).rejects.toMatchObject({
      message:
        'The evidence seems to contain 3 secrets: github-token on line 2, json-web-token on line 2, github-token on line 5.',
    })
    await writeFile(join(root, 'report.txt'), `${TOKEN}\r\n`.repeat(7))
    await expect(check(root, 'report.txt')).rejects.toMatchObject({
      message: expect.stringMatching(/contain 7 secrets: .*github-token on line 5, and 2 more\.$/),
    })
  })

  it('is found in the name of a file, which is recorded too', async () => {
    const root = await projectWith(`${TOKEN}.txt`, 'fine')
    await expect(check(root, `${TOKEN}.txt`)).rejects.toMatchObject({
      ...refused,
      message: 'The name of the evidence seems to contain a secret: github-token.',
    })
  })

  it('is found in a URL with a JSON Web Token', async () => {
    const url = `https://ci.example.org/job?token=${SIGNED_TOKEN}`
    await expect(check(await tempFolder(), url)).rejects.toMatchObject({
      ...refused,
      message: 'The URL of the evidence seems to contain a secret: json-web-token.',
    })
  })

  it('is found in a URL', async () => {
    const url = `https://ursula:${'hunter'}2x@ci.example.org/`
    await expect(check(await tempFolder(), url)).rejects.toMatchObject(refused)
    await expect(check(await tempFolder(), url, false)).resolves.toBeDefined()
  })

  it.each(['https://u:pw@host.example/x', 'https://token@host.example/', 'ftp://u:p@host.example'])(
    'is any URL with credentials: %s',
    async (url) => {
      const root = await tempFolder()
      await expect(check(root, url)).rejects.toMatchObject(refused)
      await expect(check(root, url, false)).resolves.toBeDefined()
      await expect(check(root, url.replace(/\w+:?\w*@/, ''))).resolves.toBeDefined()
    },
  )

  it('is not the common user name of SSH URLs', async () => {
    await expect(check(await tempFolder(), 'ssh://git@host.example/x')).resolves.toBeDefined()
  })

  it('is not searched for in binary files', async () => {
    const root = await tempFolder()
    await writeFile(join(root, 'image'), Buffer.concat([Buffer.of(137, 0, 0), Buffer.from(TOKEN)]))
    await expect(check(root, 'image')).resolves.toBeDefined()
  })
})
