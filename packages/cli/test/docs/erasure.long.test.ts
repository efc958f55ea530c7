import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, plainVariables, runIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'
import { pathWithBuiltProgram } from '../support/on-path.js'

const SYNC = fileURLToPath(new URL('../../../../docs/sync.md', import.meta.url))

/** The shell steps of the documentation under a heading, in their order: for this clone, the server, other clones. */
const stepsIn = async (heading: string): Promise<readonly string[]> => {
  const text = await readFile(SYNC, 'utf8')
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, script = '']) => script)
}

const shell = async (
  { path }: Repository,
  script: string,
  variables: Readonly<Record<string, string>> = {},
) => {
  const env = { ...plainVariables(), PATH: await pathWithBuiltProgram(), ...variables }
  return execa('sh', ['-e', '-c', script], { cwd: path, env, extendEnv: false })
}

const SECRET = 'The customer is called Ursula Example.'

/** A server and two clones that know each other's Ops. The first clone has an Op to erase between two others. */
const team = async () => {
  const first = await newRepository({ files: { '.kittify/config.yaml': 'ops: {}\n' } })
  const server = repositoryAt(join(await tempFolder(), 'server.git'))
  await first.git('clone', '--quiet', '--bare', '--template=', '.', server.path)
  const clone = async (): Promise<Repository> => {
    const path = join(await tempFolder(), 'clone')
    await server.git('clone', '--quiet', '--template=', server.path, path)
    await configureRepository(path)
    return repositoryAt(path)
  }
  const [a, b] = [await clone(), await clone()]
  const close = async ({ path, write }: Repository, text: string): Promise<string> => {
    const id = await openIn(path, ['do', text])
    await write('evidence.md', `About it: ${text}\n`)
    const flags = ['--outcome', 'done', '--evidence', 'evidence.md']
    const { json } = await jsonIn(path, ['ops', 'complete', id, ...flags])
    expect(json).toMatchObject({ commit: { status: 'committed' } })
    return id
  }
  const kept = [await close(a, 'One')]
  const erased = await close(a, SECRET)
  kept.push(await close(a, 'Two'))
  await a.git('clean', '-fdq')
  await a.git('push', '--quiet', 'origin', 'work')
  await runIn(a.path, ['ops', 'sync', 'origin'])
  await b.git('pull', '--quiet')
  kept.push(await close(b, 'Three'))
  await b.git('clean', '-fdq')
  await runIn(b.path, ['ops', 'sync', 'origin'])
  await runIn(a.path, ['ops', 'sync', 'origin'])
  return { server, a, b, kept, erased }
}

/** The objects and files of a repository that contain a text. */
const tracesOf = async ({ git, path }: Repository, text: string): Promise<readonly string[]> => {
  const listed = await git(
    'cat-file',
    '--batch-all-objects',
    '--batch-check=%(objectname) %(objecttype)',
  )
  const blobs = listed.split('\n').flatMap((line) => /^(\w+) blob$/.exec(line)?.[1] ?? [])
  const found: string[] = []
  for (const blob of blobs) if ((await git('cat-file', '-p', blob)).includes(text)) found.push(blob)
  const files = await execa('grep', ['-rl', text, path], { reject: false })
  return [...found, ...files.stdout.split('\n').filter(Boolean)]
}

// The steps are for a POSIX shell with git, as git for Windows has one, but not on the PATH of a test.
describe.skipIf(process.platform === 'win32')(
  'the erasure that the documentation describes',
  () => {
    it('leaves no trace of the Op in branch, ledger, server and another clone, and keeps the others', async () => {
      const { server, a, b, kept, erased } = await team()
      expect(await tracesOf(b, SECRET)).not.toEqual([])
      const WRITER = (await ledgerRef(a)).split('/').at(-1) ?? ''
      const [here = '', there = '', elsewhere = ''] = await stepsIn('Erasure')
      await shell(a, here, { ID: erased })
      await shell(server, there)
      // The Op of the other clone is on its branch, which was not pushed; its ledger keeps it.
      await shell(b, elsewhere, { WRITER })
      for (const repository of [a, server, b])
        expect(await tracesOf(repository, SECRET)).toEqual([])
      for (const { path } of [a, b]) {
        const { json } = await jsonIn(path, ['ops', 'list', '--all'])
        expect(json).toMatchObject({
          ops: kept
            .toSorted()
            .reverse()
            .map((invocation_id) => ({ invocation_id })),
        })
        const restored = await jsonIn(path, ['ops', 'restore', erased])
        expect(restored.status).toBe(1)
        expect((await runIn(path, ['ops', 'verify'])).status).toBe(0)
        expect(await runIn(path, ['ops', 'sync', 'origin'])).toMatchObject({
          status: 0,
          stdout: expect.stringMatching(/^(?:Nothing new|Fetched|Pushed)/),
        })
        expect(await tracesOf(repositoryAt(path), SECRET)).toEqual([])
      }
      expect((await runIn(a.path, ['doctor', 'ops'])).status).toBe(0)
    })
  },
)
