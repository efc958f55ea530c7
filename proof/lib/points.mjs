// Where a command can be hurt: each system call of its processes that changes something in the repository.
import { traced } from './injure.mjs'

// `1234 rename("a", "b") = 0`, the process id only where there are several.
const LINE = /^(?:(\d+) +)?(\w+)\((.*)$/

const changes = (call, rest) => call !== 'openat' || rest.includes('O_CREAT')

/** Counted as strace counts: by call, in each process. */
const pointsIn = (target, trace, root) => {
  const counts = new Map()
  const points = []
  for (const line of trace.split('\n')) {
    const [, pid = '', call, rest = ''] = LINE.exec(line) ?? []
    if (call === undefined) continue
    const key = `${pid} ${call}`
    const when = (counts.get(key) ?? 0) + 1
    counts.set(key, when)
    if (!changes(call, rest)) continue
    // Relative paths are git's, which works in the repository; a pipe or a terminal is none of it.
    const isOurs = rest.includes(root) || !/^\d+<|"\//.test(rest)
    if (isOurs && !/^\d+<(?:pipe|socket|\/dev)/.test(rest)) points.push({ target, call, when })
  }
  return points
}

const nameOf = ({ target, call, when }) => `${target}:${call}:${when}`

/** Every point of a command, each once. The command is run to its end for that, and has to succeed. */
export const findPoints = async (root, { command }) => {
  const { status, stdout, traces } = await traced(root, command)
  if (status !== 0) throw new Error(`Without any fault it ended with ${status}: ${stdout}`)
  const all = [...traces].flatMap(([target, trace]) => pointsIn(target, trace, root))
  return [
    ...new Map(all.map((point) => [nameOf(point), { ...point, name: nameOf(point) }])).values(),
  ]
}

/** So many of them, evenly spread. */
export const sampleOf = (points, count) =>
  points.length <= count
    ? points
    : Array.from({ length: count }, (_, at) => points[Math.floor((at * points.length) / count)])
