import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Do not depend on the machine's git configuration.
Object.assign(process.env, {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
})

const made = []
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** Removes a folder when the process exits. */
export const removeAtExit = (folder) => {
  made.push(folder)
}

export const gitSync = (cwd, args, input) =>
  execFileSync('git', args, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 28 })

/** Runs git as cheaply as Node can. Throws if it fails. */
export const git = (cwd, ...args) =>
  new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`git ${args.join(' ')}: exit ${code}`)),
    )
  })

const blob = (path, text) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`

/** Makes a repository with a number of files in its work tree, and earlier records. Returns its path. */
export const repositoryOf = (files, records = []) => {
  const root = mkdtempSync(join(tmpdir(), 'kitty-bench-'))
  made.push(root)
  gitSync(root, ['init', '--quiet'])
  for (const [name, value] of [
    ['user.name', 'Bench'],
    ['user.email', 'bench@example.org'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
  ]) {
    gitSync(root, ['config', name, value])
  }
  const sources = Array.from({ length: files }, (_, n) =>
    blob(`src/${n % 317}/file-${n}.txt`, `line ${n}\n`),
  )
  const ops = records.map(({ path, text }) => blob(path, text))
  const head = 'commit refs/heads/work\ncommitter Bench <bench@example.org> 1700000000 +0000\n'
  gitSync(
    root,
    ['fast-import', '--quiet'],
    `${head}data 5\nBegin\n${[...sources, ...ops].join('')}\n`,
  )
  gitSync(root, ['symbolic-ref', 'HEAD', 'refs/heads/work'])
  gitSync(root, ['reset', '--quiet', '--hard'])
  return root
}

/** Makes a repository whose history has a commit for each record. Returns its path. */
export const historyOf = (records) => {
  const root = repositoryOf(10)
  const who = 'committer Bench <bench@example.org> 1700000000 +0000\n'
  const commits = records.map(({ path, text, message }) => {
    const body = `data ${Buffer.byteLength(message)}\n${message}\n${blob(path, text)}`
    return `commit refs/heads/work\n${who}${body}\n`
  })
  const from = 'from refs/heads/work^0\n'
  commits[0] = commits[0].replace(`\nM `, `\n${from}M `)
  gitSync(root, ['fast-import', '--quiet'], commits.join(''))
  gitSync(root, ['reset', '--quiet', '--hard'])
  return root
}
