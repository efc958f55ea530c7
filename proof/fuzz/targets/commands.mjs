// Whole commands over a store in which one file is damaged.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { main } from '@kitty/cli'
import { directGit, withLedger } from '@kitty/git-commit'
import { formatIndexRow, formatLifecycleLine, formatLine, formatTimestamp } from '@kitty/record'
import { openOps } from '@kitty/writer'
import { intentPath, startNotePath, stateDirOf } from '@kitty/writer/internals'
import { newRepository } from '../../lib/repository.mjs'
import { OBEYED } from '../printed.mjs'
import { temporaryFolder } from '../temporary.mjs'

const AT = formatTimestamp(new Date(1_700_000_000_000))

const store = async () => {
  const folder = temporaryFolder()
  newRepository(folder)
  const ops = await openOps({ root: folder, strategy: withLedger(directGit()) })
  const start = async (text) =>
    (await ops.start({ request_text: text, profile_id: 'p', action: 'do' })).id
  const [closed, other, open] = [await start('One'), await start('Two'), await start('Three')]
  for (const id of [closed, other]) await ops.complete(id, { outcome: 'done' })
  return { folder, closed, other, open }
}

const QUESTIONS = [
  ['ops', 'list', '--limit', 'all'],
  ['ops', 'list', '--all', '--limit', 'all'],
  ['ops', 'show', 'ID'],
  ['ops', 'timeline'],
  ['ops', 'validate'],
  ['ops', 'verify'],
  ['ops', 'why', 'plain.txt'],
  ['ops', 'report', '--format', 'markdown', '--output', '-'],
  ['doctor', 'ops'],
  ['config', 'show'],
  ['hooks', 'status'],
  ['hooks', 'session-start'],
]

const run = async (folder, argv) => {
  let [stdout, stderr] = ['', '']
  const status = await main(argv, {
    cwd: folder,
    variables: { PATH: process.env.PATH, HOME: folder, USERPROFILE: folder },
    stdin: { isTTY: true, read: async () => Buffer.alloc(0) },
    stdout: { isTTY: false, write: (text) => (stdout += text) },
    stderr: { isTTY: false, write: (text) => (stderr += text) },
  })
  return { status, stdout, stderr }
}

const troubleIn = ({ status, stdout, stderr }) => {
  if (![0, 1, 2].includes(status)) return `exit status ${status}`
  const all = stdout + stderr
  if (/A bug in|INTERNAL_ERROR|\bundefined\b|\[object /.test(all)) return `printed ${all}`
  return OBEYED.test(all) ? `a terminal obeys ${JSON.stringify(all)}` : undefined
}

const isJson = (text) => {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

export const commands = async () => {
  const { folder, closed, other, open } = await store()
  const { dir } = await stateDirOf(folder)
  const row = {
    invocation_id: closed,
    profile_id: 'p',
    action: 'do',
    started_at: AT,
    completed_at: AT,
  }
  const files = {
    [join(folder, 'kitty-ops', `${closed}.jsonl`)]: undefined,
    [join(folder, 'kitty-ops', `${open}.jsonl`)]: undefined,
    [join(folder, 'kitty-ops', 'op-closures.jsonl')]: formatLine({
      event: 'completed',
      invocation_id: open,
      completed_at: AT,
      outcome: 'done',
      closed_by: 'agent',
    }),
    [join(folder, 'kitty-ops', 'ops-index.jsonl')]: formatIndexRow({ ...row, outcome: 'done' }),
    [join(folder, 'kitty-ops', 'lifecycle.jsonl')]: formatLifecycleLine({
      agent: 'claude',
      at: AT,
      canonical_action_id: 'x',
      mission_id: 'm',
      phase: 'started',
      reason: null,
      wp_id: null,
    }),
    [join(folder, 'kitty-ops', 'propagation-errors.jsonl')]: `{"at":"${AT}","error":"x"}\n`,
    [join(folder, '.kittify', 'config.yaml')]: 'ops:\n  threshold_hours: 5\n',
    [join(folder, '.claude', 'settings.json')]: '{"hooks": {"Stop": []}}\n',
    [join(folder, 'CLAUDE.md')]: '# Mine\n',
    [join(dir, startNotePath(open))]: undefined,
    [join(dir, intentPath(open))]: '{"owner":"","at":1,"strategy":"x"}\nx',
  }
  const places = Object.entries(files).map(([path, text]) => {
    const before = existsSync(path) ? readFileSync(path) : undefined
    return { path, before, sample: text === undefined ? before : Buffer.from(text) }
  })
  const restore = ({ path, before }) =>
    before === undefined ? rmSync(path, { force: true }) : writeFileSync(path, before)
  return {
    samples: places.map(({ sample }) => sample),
    share: 0.001,
    grows: false,
    check: async (bytes) => {
      const place = places[bytes.length % places.length]
      mkdirSync(dirname(place.path), { recursive: true })
      writeFileSync(place.path, bytes)
      try {
        const words = QUESTIONS[(bytes.length >> 3) % QUESTIONS.length]
        const argv = words.map((word) => (word === 'ID' ? closed : word))
        const where = `${argv.join(' ')} with ${place.path}`
        const trouble = troubleIn(await run(folder, argv))
        if (trouble) return `${where}: ${trouble}`
        const asJson = await run(folder, [...argv, '--json'])
        if (!isJson(asJson.stdout)) return `${where}: no JSON: ${asJson.stdout}`
        const { error, ops } = JSON.parse(asJson.stdout)
        if (error?.code === 'INTERNAL_ERROR') return `${where}: ${asJson.stdout}`
        // Damage in one file hides no other Op.
        if (
          argv[1] === 'list' &&
          !error &&
          !ops.some(({ invocation_id }) => invocation_id === other)
        )
          return `${where}: ${other} is hidden`
        return undefined
      } finally {
        restore(place)
      }
    },
  }
}
