import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { REGISTRY } from '../../src/app/registry.js'
import { OUTPUTS } from '../../src/json/outputs.js'
import { OP } from '../../src/json/shared.js'
import { missingFields } from '../support/held-json.js'
import { jsonIn, openIn, type RunOptions, runIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'

const SECRET = `ghp_${'a1B2'.repeat(9)}`
const MISSION = '01K6ZP4WQ0000000000000000A'
const PERSON = { terminal: true }
const USAGE = '{"model":"m1","input_tokens":1,"output_tokens":2,"cost_usd":0.5,"duration_ms":9}'
const DONE = ['--outcome', 'done']

const node = (program: string): string[] => ['--', process.execPath, '-e', program]

/** Every run with `--json` is held to the schema of its command: see support/held-json.ts. */
const run = async (repository: Repository, argv: readonly string[], options?: RunOptions) =>
  (await jsonIn(repository.path, argv, options)).json

const opening = async (repository: Repository): Promise<void> => {
  const names = ['--mission', MISSION, '--wp', 'WP01', '--model', 'm1']
  await run(repository, ['do', `Use ${SECRET}`, ...names, '--dry-run', ...node('0')])
  await run(repository, ['do', `Use ${SECRET}`, ...names])
  await run(repository, ['ask', 'Why?'])
}

const closing = async (repository: Repository): Promise<void> => {
  const { path } = repository
  await repository.write('.gitignore', '.kittify/evidence\n')
  await repository.write('report.md', 'It works.\n')
  const id = await openIn(path)
  const close = ['ops', 'complete', id, ...DONE]
  const more = [
    '--evidence',
    'report.md',
    '--reason',
    'It works.',
    '--link-commits',
    '--usage',
    USAGE,
  ]
  await run(repository, [...close, ...more])
  await run(repository, close)
  await run(repository, ['ops', 'complete', id, '--outcome', 'failed'])
  await run(repository, ['ops', 'show', id])
}

const running = async (repository: Repository): Promise<void> => {
  await run(repository, ['do', 'x', '--link-commits', ...node('process.exit(3)')])
  if (process.platform === 'win32') return
  await run(repository, ['do', 'x', ...node('process.kill(process.pid, "SIGKILL")')])
}

const uncommitted = async (repository: Repository): Promise<void> => {
  const { path } = repository
  const close = async (options: RunOptions = {}) =>
    run(repository, ['ops', 'complete', await openIn(path), ...DONE], options)
  await repository.git('checkout', '--quiet', '--detach')
  await close()
  await close()
  await run(repository, ['doctor', 'ops'])
  await repository.git('checkout', '--quiet', '-b', 'main')
  await repository.write('.kittify/config.yaml', 'ops:\n  commit: safe\n')
  await close()
  await repository.write('.kittify/config.yaml', 'ops:\n  commit: none\n')
  await close()
  await repository.write('.kittify/config.yaml', '')
  await repository.git('checkout', '--quiet', 'work')
  await repository.git('config', 'user.name', '')
  await close()
  await repository.git('config', 'user.name', 'Ursula Test')
  await run(repository, ['doctor', 'ops', '--fix', '--dry-run'])
  await run(repository, ['doctor', 'ops', '--close-stale', '--threshold', '0', '--fix'])
}

/** A ledger that was moved back, and one that has another closed version of an Op. */
const ledgers = async (repository: Repository): Promise<void> => {
  const { path } = repository
  const id = await openIn(path)
  await run(repository, ['ops', 'complete', id, ...DONE])
  const record = await repository.read(`kitty-ops/${id}.jsonl`)
  await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
  await repository.write(`kitty-ops/${id}.jsonl`, record.replace('"done"', '"failed"'))
  await run(repository, ['ops', 'complete', id, ...DONE])
  await run(repository, ['ops', 'list', '--all'])
  await run(repository, ['ops', 'show', id])
  await run(repository, ['ops', 'list', '--all'])
  await run(repository, ['ops', 'show', id])
  await repository.git('update-ref', '-d', await ledgerRef(repository))
  await run(repository, ['ops', 'complete', await openIn(path), ...DONE])
}

const listing = async (repository: Repository): Promise<void> => {
  for (const flags of [[], ['-n', '1'], ['--status', 'open']]) {
    await run(repository, ['ops', 'list', ...flags])
    await run(repository, ['ops', 'timeline', ...flags])
  }
  const { stdout } = await runIn(repository.path, ['ops', 'list', '--jsonl'])
  for (const line of stdout.trim().split('\n')) OP.parse(JSON.parse(line))
  await run(repository, ['ops', 'report'])
  await run(repository, ['ops', 'validate', 'kitty-ops'])
  await run(repository, ['ops', 'schema'])
}

const reasons = async (repository: Repository): Promise<void> => {
  const { path } = repository
  const id = await openIn(path)
  await repository.write('why.txt', 'x\n')
  await repository.git('add', 'why.txt')
  await repository.git('commit', '--quiet', '-m', 'Work')
  await run(repository, ['ops', 'complete', id, ...DONE, '--link-commits'])
  await repository.write('why.txt', 'x\ny\n')
  await run(repository, ['ops', 'why', 'why.txt'])
  await run(repository, ['ops', 'why', 'why.txt:1'])
  await run(repository, ['ops', 'why', 'HEAD~1'])
  const shallow = await tempFolder()
  await repository.git('clone', '--quiet', '--depth=1', pathToFileURL(path).href, shallow)
  await jsonIn(shallow, ['ops', 'why', 'why.txt'])
}

/** Markdown of so many long requests that not all of them fit. */
const reporting = async (): Promise<void> => {
  const { path } = await newRepository()
  for (let number = 0; number < 7; number += 1) await openIn(path, ['do', '!'.repeat(2500)])
  await jsonIn(path, ['ops', 'report', '--format', 'markdown'])
}

const sessions = async (repository: Repository): Promise<void> => {
  const { path } = repository
  const variables = { CLAUDE_CODE_SESSION_ID: 'a' }
  await openIn(path, ['do', 'x'], { variables })
  const input = (more: object = {}) => ({ stdin: JSON.stringify({ session_id: 'a', ...more }) })
  await run(repository, ['agents'])
  await run(repository, ['hooks', 'install', 'claude-code', '--instructions', '--capture'])
  await run(repository, ['hooks', 'status'])
  const subagent = input({ agent_id: 'b', agent_type: 'Explore', stop_hook_active: false })
  await run(repository, ['hooks', 'subagent-start', '--capture'], subagent)
  await run(repository, ['hooks', 'subagent-stop'], subagent)
  await run(repository, ['hooks', 'prompt', '--capture'], input({ prompt: 'Fix it' }))
  await run(repository, ['hooks', 'stop'], input({ stop_hook_active: false }))
  await run(repository, ['hooks', 'session-start'], input({ source: 'resume' }))
  await run(repository, ['hooks', 'session-end'], input())
  await run(repository, ['hooks', 'session-end'], input())
  await run(repository, ['ops', 'list', '--status', 'open'])
  await run(repository, ['hooks', 'remove', 'claude-code'])
  await repository.write('.claude/settings.json', 'damage')
  await run(repository, ['hooks', 'status'])
  await rm(join(path, '.claude'), { recursive: true })
  await run({ ...repository, path: (await newRepository()).path }, ['hooks', 'session-start'])
}

/** Two clones, one of them a copy, and a server that in the end refuses everything. */
const syncing = async (repository: Repository): Promise<void> => {
  const [copied, server] = [join(await tempFolder(), 'copy'), join(await tempFolder(), 'server')]
  const close = async ({ path }: Repository) =>
    jsonIn(path, ['ops', 'complete', await openIn(path), ...DONE])
  await repository.git('init', '--quiet', '--bare', '--template=', server)
  await repository.git('remote', 'add', 'team', server)
  await repository.git('push', '--quiet', 'team', 'HEAD:refs/kitty/ops/01K6ZP4WQ0000000000000000A')
  await run(repository, ['ops', 'sync', 'team', '--dry-run'])
  await run(repository, ['ops', 'sync', 'team'])
  await close(repository)
  await cp(repository.path, copied, { recursive: true })
  const copy = repositoryAt(copied)
  await close(copy)
  await close(repository)
  await run(repository, ['ops', 'sync', 'team'])
  await run(copy, ['ops', 'sync', 'team', '--dry-run'])
  await run(copy, ['ops', 'sync', 'team'])
  await mkdir(join(server, 'hooks'))
  await writeFile(join(server, 'hooks', 'pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  await close(copy)
  await run(copy, ['ops', 'sync', 'team'])
}

const repairing = async (repository: Repository): Promise<void> => {
  const { path } = repository
  const id = await openIn(path)
  await run(repository, ['ops', 'complete', id, ...DONE])
  await rm(join(path, 'kitty-ops', `${id}.jsonl`))
  await run(repository, ['doctor', 'ops'])
  await run(repository, ['ops', 'restore', '--all'])
  await run(repository, ['ops', 'restore', id])
  await run(repository, ['ops', 'reindex'])
  await run(repository, ['ops', 'reindex', '--untrack'])
  await run(repository, ['ops', 'verify'])
  await run(repository, ['ops', 'archive', '--older-than', '0', '--dry-run'])
  await run(repository, ['ops', 'archive', '--older-than', '0'])
  await repository.write(`kitty-ops/archive/2026-01/${id}.jsonl`, 'damage\n')
  await repository.write('kitty-ops/01K6ZP4WQ0000000000000000B.jsonl', 'damage\n')
  await repository.commit('Damage')
  await run(repository, ['ops', 'show', '01K6ZP4WQ0000000000000000B'])
  await run(repository, ['ops', 'validate', 'kitty-ops'])
  await run(repository, ['ops', 'verify'])
}

const failing = async (): Promise<void> => {
  const repository = await newRepository()
  const { path } = repository
  const id = await openIn(path)
  await run(repository, ['ops', 'complete', ...DONE], PERSON)
  await run(repository, ['ops', 'complete', id, '--outcome', 'failed'])
  await openIn(path)
  await run(repository, ['ops', 'show', '0'])
  await run(repository, ['ops', 'list', '--what'])
  await run(repository, ['ops', 'list', '--after', 'x'])
}

/** What the doctor says about a work tree that was removed. */
const workTrees = async (repository: Repository): Promise<void> => {
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', linked)
  await openIn(linked)
  await repository.git('worktree', 'remove', '--force', linked)
  await run(repository, ['doctor', 'ops'])
}

const elsewhere = async (): Promise<void> => {
  const repository = await newRepository()
  const { path, write } = repository
  for (const name of ['one', 'two']) await write(`${name}/.kittify/config.yaml`, '')
  const [one, two] = [join(path, 'one'), join(path, 'two')]
  const [id] = [await openIn(one), await openIn(one)]
  await jsonIn(two, ['ops', 'list', '--all'])
  await jsonIn(two, ['ops', 'show', id])
  await jsonIn(two, ['ops', 'complete', '0', ...DONE], PERSON)
  await jsonIn(two, ['ops', 'complete', id, ...DONE])
  await write(`one/kitty-ops/${id}.jsonl`, 'damage\n')
  await repository.commit('Damage')
  await run(repository, ['ops', 'verify'])
}

/** A command that removes its work tree. */
const removing = async (repository: Repository): Promise<void> => {
  if (process.platform === 'win32') return
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', linked)
  const remove = ['git', '-C', repository.path, 'worktree', 'remove', '--force', linked]
  await jsonIn(linked, ['do', 'x', '--', ...remove])
}

const inSandbox = async (): Promise<void> => {
  const root = await tempFolder()
  await writeFile(join(root, '.git'), `gitdir: ${join(root, 'not-mounted')}\n`)
  await jsonIn(root, ['ops', 'complete', await openIn(root), ...DONE])
  await jsonIn(root, ['do', 'x', ...node('0')])
}

const uninstalling = async (repository: Repository): Promise<void> => {
  await run(repository, ['hooks', 'install', 'claude-code'])
  await openIn(repository.path)
  await run(repository, ['uninstall'])
  await run(repository, ['uninstall', '--force'])
}

const asking = async (repository: Repository): Promise<void> => {
  await run(repository, ['config', 'show'])
  await run(repository, ['completion', 'bash'])
  await run(repository, ['--version'])
  for (const name of ['', 'ops', ...REGISTRY.keys()]) {
    await run(repository, [...name.split(' ').filter((word) => word !== ''), '--help'])
  }
}

/** The spellings of the Python spec-kitty. */
const spelledAsThere = async (): Promise<void> => {
  const { path } = await newRepository()
  await jsonIn(path, ['dispatch', 'Fix it', '--dry-run'])
  await jsonIn(path, ['dispatch', ' '])
  const { json } = await jsonIn(path, ['dispatch', 'Fix it'])
  const close = ['profile-invocation', 'complete', '-i', String(Object(json).invocation_id)]
  await jsonIn(path, [...close, ...DONE, '--evidence', 'no/such/file.md'])
  await jsonIn(path, [...close, ...DONE])
  await jsonIn(path, [...close, ...DONE])
  await jsonIn(path, ['invocations', 'list'])
}

describe('the JSON of a command', () => {
  it('has a schema', () => {
    expect(Object.keys(OUTPUTS)).toEqual([...REGISTRY.keys()])
  })

  it('is what its schema says, and every field of a schema occurs', async () => {
    const repository = await newRepository()
    await opening(repository)
    await closing(repository)
    await running(repository)
    await reasons(repository)
    await reporting()
    await listing(repository)
    await sessions(repository)
    await repairing(repository)
    await uncommitted(await newRepository())
    await ledgers(await newRepository())
    await syncing(await newRepository())
    await workTrees(await newRepository())
    await failing()
    await elsewhere()
    await removing(await newRepository())
    await inSandbox()
    await uninstalling(await newRepository())
    await spelledAsThere()
    await asking(repository)
    // A process has no signal there, and the folder that it is in cannot be removed.
    const absent = process.platform === 'win32' ? ['do.command.signal', 'do.work_tree'] : []
    expect(missingFields()).toEqual(absent)
  })
})
