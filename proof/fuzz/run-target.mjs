// Runs one target: its samples, its mutants, and texts that grow.
import { isKittyError } from '@kitty/record'
import { growing, mutantOf } from './mutate.mjs'

/** Always allowed for one case, so that a pause of the machine is not reported. */
const LEAST_MS = 250
/** A parser that reads the same text repeatedly would take far longer for a long text. */
const MOST_MICROSECONDS_A_BYTE = 20
const MOST_GROWTH_MIB = 64
/** Twice as long as four times the text may take; a quadratic parser takes 16 times as long. */
const MOST_RATIO = 10
/** Below this, times say nothing. */
const TELLING_MS = 150
const SIZES = [1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20]
const LONGEST = 1 << 20
/** In a sample. */
const SHORT = 1 << 14
const LISTED = 5

const heapMiB = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype]
const namesBefore = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

/** What others wrote must not reach the prototypes that all objects share. */
const pollution = () => {
  const at = prototypes.findIndex(
    (prototype, number) => Reflect.ownKeys(prototype).length !== namesBefore[number],
  )
  return at < 0 ? undefined : 'a prototype has new names'
}

/** An error of this software with a code, or of the system about a file. Every other error is a bug. */
const isKnown = (error) =>
  (isKittyError(error) && error.code !== 'INTERNAL_ERROR') ||
  (error instanceof Error && typeof error.code === 'string' && 'syscall' in error)

const stackOf = (error) =>
  error instanceof Error ? error.stack?.split('\n').slice(0, 4).join('\n') : String(error)

/** Runs a case. Returns what is wrong, or `undefined` if nothing is. */
const troubleWith = async (check, bytes) => {
  try {
    return (await check(bytes)) ?? pollution()
  } catch (error) {
    return isKnown(error) ? pollution() : `threw ${stackOf(error)}`
  }
}

/** Milliseconds of this process on a processor: other programs of the machine do not count. */
const processorMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const timed = async (check, bytes) => {
  const from = processorMs()
  const trouble = await troubleWith(check, bytes)
  return { trouble, took: processorMs() - from }
}

const isSlow = (took, size) =>
  took > Math.max(LEAST_MS, (Math.max(1, size) * MOST_MICROSECONDS_A_BYTE) / 1000)

/** Whether a case is slow each time. */
const slowness = async (check, bytes, first) => {
  let took = first
  for (let left = 3; left > 0 && isSlow(took, bytes.length); left -= 1) {
    took = Math.min(took, (await timed(check, bytes)).took)
  }
  return isSlow(took, bytes.length) ? `${took.toFixed(0)} ms for ${bytes.length} bytes` : undefined
}

/** The least time of some runs: other threads of this process can add to it. */
const leastTime = async (check, bytes, most) => {
  let { trouble, took } = await timed(check, bytes)
  for (let left = 3; left > 0 && took > most; left -= 1) {
    took = Math.min(took, (await timed(check, bytes)).took)
  }
  return { trouble, took }
}

/** Time in proportion: four times the text takes about four times as long. */
const growthTrouble = async (check, longest, textOf, onSize) => {
  let before
  for (const size of SIZES.filter((each) => each <= longest)) {
    onSize()
    const bytes = textOf(size)
    const most = Math.max(TELLING_MS, (before ?? TELLING_MS) * MOST_RATIO)
    const { trouble, took } = await leastTime(check, bytes, most)
    if (trouble !== undefined) return trouble
    if (before !== undefined && took > most) {
      const piece = JSON.stringify(bytes.toString('latin1', 0, 30))
      return `${piece}…: ${before.toFixed(1)} ms for ${size / 4} bytes, ${took.toFixed(1)} for ${size}`
    }
    before = took
  }
  return undefined
}

/** Runs a target. `onCase` is called with the number of each case before it runs. */
export const runTarget = async (target, { count, isSample, milliseconds, seed, only, onCase }) => {
  const { samples, check, isValid, mutants, grows = true } = target
  const longest = Math.min(target.longest ?? LONGEST, isSample ? SHORT : LONGEST)
  const failures = []
  const fail = (name, trouble) => trouble !== undefined && failures.push(`${name}: ${trouble}`)
  for (const [number, sample] of samples.entries()) {
    fail(`sample ${number}`, await troubleWith(isValid ?? check, sample))
  }
  let [cases, bytes, slowest, early] = [0, 0, 0, undefined]
  const begin = performance.now()
  const inputOf = mutants ?? ((number) => mutantOf(samples, seed, number))
  const first = only ?? 0
  for (let number = first; number < (only === undefined ? count : first + 1); number += 1) {
    const passed = performance.now() - begin
    if (passed > milliseconds) break
    onCase(number)
    const input = inputOf(number, seed)
    if (only !== undefined) process.stdout.write(`${JSON.stringify(input.toString('latin1'))}\n`)
    const { trouble, took } = await timed(check, input)
    slowest = Math.max(slowest, took)
    fail(`case ${number}`, trouble ?? (await slowness(check, input, took)))
    cases += 1
    bytes += input.length
    // The first tenth fills caches; after that, memory must not grow.
    const isWarm = number >= Math.floor(count / 10) || passed >= milliseconds / 10
    if (isWarm) early ??= heapMiB()
  }
  const seconds = (performance.now() - begin) / 1000
  const growth = early === undefined ? 0 : heapMiB() - early
  if (growth > MOST_GROWTH_MIB) failures.push(`the heap grew by ${growth.toFixed(1)} MiB`)
  if (grows && only === undefined) {
    for (const [number, textOf] of growing(samples).entries()) {
      const onSize = () => onCase(-1 - number)
      fail(`growing text ${number}`, await growthTrouble(check, longest, textOf, onSize))
    }
  }
  return {
    failures: failures.slice(0, LISTED),
    figures:
      `${cases} cases, ${(bytes / 1e6).toFixed(0)} MB, seed ${seed}: ${failures.length} failures; ` +
      `${((seconds * 1e9) / Math.max(1, bytes)).toFixed(0)} ns a byte, slowest ${slowest.toFixed(1)} ms, ` +
      `heap ${growth < 0 ? '' : '+'}${growth.toFixed(1)} MiB`,
    isSound: failures.length === 0 && cases > 0,
  }
}
