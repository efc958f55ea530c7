// Runs one target in a thread of its own, which can be ended if a parser hangs.
import { parentPort, workerData } from 'node:worker_threads'
import { runTarget } from './run-target.mjs'
import { targetNamed } from './targets.mjs'

const { name, shared, ...options } = workerData
/** Fewer cases than this are a sample, as in the tests. */
const SAMPLE = 100_000

const progress = new Int32Array(shared)

const target = await targetNamed(name)
const result = await runTarget(target, {
  ...options,
  isSample: options.count < SAMPLE,
  count: Math.ceil(options.count * (target.share ?? 1)),
  onCase: (number) => {
    progress[0] = number
    progress[1] += 1
  },
})
parentPort.postMessage(result)
