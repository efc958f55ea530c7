// Finds the points for faults: each system call of a command's processes that changes something in the repository.
import { traced, tracedThreads } from './injure.mjs'

// `1234 rename("a", "b") = 0`; the process id is there only if there are several processes.
const LINE = /^(?:(\d+) +)?(\w+)\((.*)$/

const changes = (call, rest) => call !== 'openat' || rest.includes('O_CREAT')

/** Returns the points in a trace, numbered as strace counts them: by call, in each process. */
const pointsIn = (target, trace, folder) => {
  const counts = new Map()
  const points = []
  for (const line of trace.split('\n')) {
    const [, pid = '', call, rest = ''] = LINE.exec(line) ?? []
    if (call === undefined) continue
    const key = `${pid} ${call}`
    const when = (counts.get(key) ?? 0) + 1
    counts.set(key, when)
    if (!changes(call, rest)) continue
    // Relative paths are git's, which runs in the repository. Pipes, sockets and devices do not count.
    const isInside = rest.includes(folder) || !/^\d+<|"\//.test(rest)
    if (isInside && !/^\d+<(?:pipe|socket|\/dev)/.test(rest)) points.push({ target, call, when })
  }
  return points
}

const nameOf = ({ target, call, when }) => `${target}:${call}:${when}`

const pointsOf = ({ status, stdout, traces }, folder) => {
  if (status !== 0) throw new Error(`The command exited with ${status} without a fault: ${stdout}`)
  return [...traces].flatMap(([target, trace]) => pointsIn(target, trace, folder))
}

/**
 * Runs a command twice without a fault; `restore` makes the folder as it was. Returns the points, each once. Throws if the
 * command fails.
 */
export const findPoints = async (folder, prepared, restore) => {
  const all = pointsOf(await traced(prepared), folder)
  restore()
  all.push(...pointsOf(await tracedThreads(prepared), folder))
  return [
    ...new Map(all.map((point) => [nameOf(point), { ...point, name: nameOf(point) }])).values(),
  ]
}

/** Returns at most `count` of the points, evenly spread. */
export const sampleOf = (points, count) =>
  points.length <= count
    ? points
    : Array.from({ length: count }, (_, at) => points[Math.floor((at * points.length) / count)])
