import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

const require = createRequire(import.meta.url)
const VITE = createRequire(require.resolve('vitest/package.json')).resolve('vite')
const SOURCE = fileURLToPath(new URL('../support/late-checks.ts', import.meta.url))

const SCRIPT = `
  const [vite, source, root] = process.argv.slice(1)
  const { runnerImport } = await import(vite)
  const { module } = await runnerImport(source, {
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, resolve: { conditions: ['@kitty/source'] } },
  })
  console.log(await module.runTraced(root))
`

/** Runs the doctor twice on so many committed records. Returns how many files it opened, as Node traced it. */
const traced = async (records: number) => {
  const repository = await newRepository()
  for (let number = 1; number <= records; number += 1) {
    const id = newOpId(number)
    await repository.write(recordPath(id), closedRecordText({ id }))
  }
  await repository.commit('Records')
  const cwd = await tempFolder()
  const node = ['--trace-event-file-pattern=trace.json', '--input-type=module', '--eval', SCRIPT]
  const args = [VITE, SOURCE, repository.path]
  const { stdout } = await run(process.execPath, [...node, ...args], { cwd })
  const trace = await readFile(join(cwd, 'trace.json'), 'utf8')
  const opens = trace.match(
    /"ph":"B","cat":"node,node\.fs,node\.fs\.sync","name":"fs\.sync\.open"/g,
  )
  return { found: stdout.trim(), opens: opens?.length ?? 0 }
}

describe('the doctor', () => {
  it('opens each record once, also for checks that wait for something else first', async () => {
    const [few, many] = [await traced(2), await traced(42)]
    expect(many.found).toBe('late: 42,later: 42,late: 42')
    expect(many.opens - few.opens).toBe(2 * 40)
  })
})
