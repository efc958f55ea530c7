// How a changeset becomes a line of a changelog: its text, without the hash of a commit, and one line for the packages of
// this repository that a package needs in a new version.

/** The first line begins a list item; the others are indented below it. */
const itemOf = (summary) => {
  const [first = '', ...rest] = summary.trim().split('\n')
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n')
}

module.exports = {
  getReleaseLine: async ({ summary }) => `\n${itemOf(summary)}`,
  getDependencyReleaseLine: async (_changesets, dependencies) => {
    // The first version of a package is not news to those who need it.
    const newer = dependencies.filter(({ oldVersion }) => oldVersion !== '0.0.0')
    const named = newer.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`)
    return named.length === 0 ? '' : `- Needs ${named.join(', ')}.`
  },
}
