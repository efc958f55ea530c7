// npm run proof -- fuzz: gives every parser of what others wrote damaged and hostile input. It must end in time, throw
// nothing but an error with a code, and keep what the damage did not touch. Options: --only NAME, --count 1000000 or
// --seconds N for each target (texts that grow come on top), --seed 1, --case N to run one again
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { TARGETS } from './fuzz/targets.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    only: { type: 'string', multiple: true, default: [] },
    count: { type: 'string', default: '1000000' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    case: { type: 'string' },
  },
})

/** A case, or the start of a target, that takes longer hangs, in milliseconds. */
const HANGS_MS = 60_000

const print = (text) => process.stdout.write(`${text}\n`)

const seconds = values.seconds === undefined ? undefined : Number(values.seconds)

const runIn = (folder, name) =>
  new Promise((resolve) => {
    const shared = new SharedArrayBuffer(8)
    const worker = new Worker(new URL('./fuzz/worker.mjs', import.meta.url), {
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
      workerData: {
        name,
        shared,
        count: seconds === undefined ? Number(values.count) : Number.MAX_SAFE_INTEGER,
        milliseconds: seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000,
        seed: Number(values.seed),
        only: values.case === undefined ? undefined : Number(values.case),
      },
    })
    const progress = new Int32Array(shared)
    let [seen, since] = [progress[1], Date.now()]
    let hung = false
    const finish = (result) => {
      clearInterval(watch)
      resolve(result)
    }
    const broken = (what) => ({ failures: [what], figures: 'not finished', isSound: false })
    const watch = setInterval(() => {
      if (progress[1] !== seen) [seen, since] = [progress[1], Date.now()]
      else if (Date.now() - since > HANGS_MS) {
        hung = true
        worker.terminate()
      }
    }, 1_000)
    worker.on('message', finish)
    worker.on('error', (error) => finish(broken(`case ${progress[0]}: threw ${error.stack}`)))
    worker.on('exit', (status) => {
      const end = hung ? 'hangs' : `ended with ${status}`
      finish(broken(`case ${progress[0]}, seed ${values.seed}: ${end}`))
    })
  })

/** Runs a target. Its folders for temporary files are removed, also if it hangs. */
const run = async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-fuzz-'))
  try {
    return await runIn(folder, name)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const unknown = values.only.filter((name) => !(name in TARGETS))
if (unknown.length > 0) {
  process.stderr.write(`Unknown target: use some of ${Object.keys(TARGETS).join(', ')}\n`)
  process.exitCode = 2
} else {
  for (const name of values.only.length > 0 ? values.only : Object.keys(TARGETS)) {
    const { failures, figures, isSound } = await run(name)
    for (const failure of failures) print(`${name}, ${failure}`)
    print(`${name}: ${figures}`)
    if (!isSound) process.exitCode = 1
  }
}
