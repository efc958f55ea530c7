/** Returns the elements of `then` that `now` lacks, or has fewer times. */
const missing = (then, now) => {
  const left = new Map()
  for (const each of now) left.set(each, (left.get(each) ?? 0) + 1)
  return then.filter((each) => {
    const count = left.get(each) ?? 0
    left.set(each, count - 1)
    return count <= 0
  })
}

const NOTHING = { expects: 0, titles: [], branches: 0 }

/** Returns a line for each expectation, title or share of branches that a project has lost. */
const fallenIn = (project, then, now) => [
  ...(now.expects < then.expects
    ? [`${project}: ${then.expects - now.expects} fewer expect(`]
    : []),
  ...missing(then.titles, now.titles).map((title) => `${project}: no test “${title}”`),
  ...(now.branches < then.branches
    ? [`${project}: ${now.branches} % of branches covered, ${then.branches} % before`]
    : []),
]

/** Returns these lines for all projects. */
export const fallen = (then, now) =>
  [...then].flatMap(([project, before]) => fallenIn(project, before, now.get(project) ?? NOTHING))

const row = (project, then = NOTHING, now = NOTHING) => {
  const pair = (before, after, width) => `${before} → ${after}`.padEnd(width)
  const branches = now.branches === undefined ? '' : pair(then.branches, now.branches, 0)
  return [
    project.padEnd(18),
    pair(then.expects, now.expects, 16),
    pair(then.titles.length, now.titles.length, 16),
    branches,
  ]
}

/** Returns a table with a row for each project: before and now. */
export const tableOf = (then, now) => {
  const head = ['project'.padEnd(18), 'expect('.padEnd(16), 'titles'.padEnd(16), 'branches %']
  const projects = [...new Set([...then.keys(), ...now.keys()])]
  const rows = projects.map((project) => row(project, then.get(project), now.get(project)))
  return [head, ...rows].map((cells) => `${cells.join('').trimEnd()}\n`).join('')
}
