import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

const require = createRequire(import.meta.url)
const VITE = createRequire(require.resolve('vitest/package.json')).resolve('vite')
const SOURCE = fileURLToPath(new URL('../../src/fs/durable-file.ts', import.meta.url))

// The system cuts off a write at the limit, as a full disk does; the accompanying signal is ignored.
const LIMITED = 'trap "" XFSZ; ulimit -f 8; exec "$@"'

const SCRIPT = `
  const [vite, source, deed, path, bytes] = process.argv.slice(1)
  const { runnerImport } = await import(vite)
  const conditions = ['@kitty/source']
  const { module } = await runnerImport(source, {
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, resolve: { conditions } },
  })
  await module[deed](path, 'y'.repeat(Number(bytes)), 'power').then(
    () => console.log('done'),
    (error) => console.log(error.code),
  )
`

/** Runs a function of the source in a process that cannot write files longer than a few kilobytes. */
const whereItIsFull = async (fn: string, path: string, bytes: number): Promise<string> => {
  const node = [process.execPath, '--input-type=module', '--eval', SCRIPT]
  const args = [VITE, SOURCE, fn, path, String(bytes)]
  const { stdout } = await run('sh', ['-c', LIMITED, 'sh', ...node, ...args])
  return stdout.trim()
}

describe.skipIf(process.platform === 'win32')('if a write is cut off', () => {
  it('a new file is removed again, whole or not at all', async () => {
    const folder = await tempFolder()
    expect(await whereItIsFull('createFile', join(folder, 'small'), 100)).toBe('done')
    expect(await whereItIsFull('createFile', join(folder, 'large'), 100_000)).toBe('WRITE_FAILED')
    expect(await readdir(folder)).toEqual(['small'])
  })

  it('a replacement leaves the old file unchanged', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'index'), 'old')
    expect(await whereItIsFull('replaceFile', join(folder, 'index'), 100_000)).toBe('WRITE_FAILED')
    expect(await readdir(folder)).toEqual(['index'])
    expect(await readFile(join(folder, 'index'), 'utf8')).toBe('old')
  })

  it('an append fails, and the earlier content is still there', async () => {
    const path = join(await tempFolder(), 'record')
    await writeFile(path, 'old\n')
    expect(await whereItIsFull('appendFile', path, 100_000)).toBe('WRITE_FAILED')
    expect(await readFile(path, 'utf8')).toMatch(/^old\ny*$/)
  })
})
