import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatLine } from '@kitty/record'
import { earlierOps } from './earlier-ops.mjs'
import { gitSync, removeAtExit, repositoryOf } from './repository.mjs'

const WHO = 'committer Bench <bench@example.org>'
const START = 1_700_000_000
const LINES = 1000

const nameOf = (file) => `src/file-${file}.txt`

/** Every fifth commit changes the first file, the others change the rest in turns: a line each. */
const workStream = (commits, files) => {
  const changes = Array.from({ length: files }, () => 0)
  const texts = Array.from({ length: files }, (_, file) =>
    Array.from({ length: LINES }, (_, line) => `${file} ${line}`),
  )
  return Array.from({ length: commits }, (_, number) => {
    const file = number % 5 === 0 ? 0 : 1 + ((number - Math.floor(number / 5)) % (files - 1))
    changes[file] += 1
    // Spread over the file, so that a blame has to look at many versions.
    texts[file][(changes[file] * 7) % LINES] = `changed by ${number}`
    const text = `${texts[file].join('\n')}\n`
    const message = `Work ${number}`
    return `commit refs/heads/work\nmark :${number + 1}\n${WHO} ${START + number} +0000\ndata ${message.length}\n${message}\n${number === 0 ? 'from refs/heads/work^0\n' : ''}M 100644 inline ${nameOf(file)}\ndata ${Buffer.byteLength(text)}\n${text}\n`
  })
}

const withLink = (text, id, sha) => {
  const at = new Date(START * 1000).toISOString()
  const link = formatLine({ event: 'commit_link', invocation_id: id, at, sha })
  const end = text.lastIndexOf('{"event":"completed"')
  return text.slice(0, end) + link + text.slice(end)
}

/**
 * Makes a repository with `ops` commits of work, and as many of Ops that are linked to them. Returns its path, its files,
 * and the records.
 */
export const linkedHistory = (ops, files) => {
  const root = repositoryOf(10)
  const marks = join(mkdtempSync(join(tmpdir(), 'kitty-bench-marks-')), 'marks')
  removeAtExit(join(marks, '..'))
  writeFileSync(marks, '')
  gitSync(
    root,
    ['fast-import', '--quiet', `--export-marks=${marks}`],
    workStream(ops, files).join(''),
  )
  const shas = new Map(
    readFileSync(marks, 'utf8')
      .trim()
      .split('\n')
      .map((line) => [Number(line.slice(1, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]),
  )
  const records = earlierOps(ops, Math.min(ops, 1000)).map(({ path, text, message }, number) => {
    const id = path.slice(path.lastIndexOf('/') + 1, -'.jsonl'.length)
    return { path, text: withLink(text, id, shas.get(number + 1)), message }
  })
  const commits = records.map(({ path, text, message }, number) => {
    const from = number === 0 ? 'from refs/heads/work^0\n' : ''
    const body = `data ${Buffer.byteLength(message)}\n${message}\n${from}M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`
    return `commit refs/heads/work\n${WHO} ${START + ops + number} +0000\n${body}\n`
  })
  gitSync(root, ['fast-import', '--quiet'], commits.join(''))
  gitSync(root, ['reset', '--quiet', '--hard'])
  return { root, busy: nameOf(0), quiet: nameOf(1), records }
}
