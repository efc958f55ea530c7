// Runs one target in a thread of its own, which can be ended if a parser hangs.
import { parentPort, workerData } from 'node:worker_threads'
import { runTarget } from './run-target.mjs'
import { targetNamed } from './targets.mjs'

const { name, shared, ...options } = workerData
const progress = new Int32Array(shared)

const target = await targetNamed(name)
try {
  const result = await runTarget(target, {
    ...options,
    count: Math.ceil(options.count * (target.share ?? 1)),
    onCase: (number) => {
      progress[0] = number
      progress[1] += 1
    },
  })
  parentPort.postMessage(result)
} finally {
  await target.end?.()
}
