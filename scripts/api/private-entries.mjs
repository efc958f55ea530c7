import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Trouble } from '../trouble.mjs'

/** The entry points that exist for the other packages of this repository. */
const PRIVATE = ['internals', 'inspect']
const RAISES = ['minor', 'major']

/** Returns the part of an API report that shows an entry point, or `undefined` if the report lacks it. */
const sectionOf = (report, entry) => {
  const from = report.indexOf(`\n## \`${entry}\`\n`)
  if (from < 0) return undefined
  const to = report.indexOf('\n## ', from + 1)
  return report.slice(from, to < 0 ? undefined : to)
}

/** Returns the packages that the changesets raise by at least a minor version. */
const raisedBy = (changesets) =>
  new Set(
    changesets
      .flatMap((text) => [...text.matchAll(/^['"]?(@[\w/-]+)['"]?: *(\w+)\s*$/gm)])
      .filter(([, , kind]) => RAISES.includes(kind))
      .map(([, name]) => name),
  )

/**
 * Returns the text of a file in the release of a package, whose tag `changeset publish` sets, or `undefined` if this
 * version is not released.
 */
const releasedText = (top, { name, version }, file) => {
  const args = ['show', `refs/tags/${name}@${version}:${file}`]
  const { status, stdout } = spawnSync('git', args, { cwd: top, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/**
 * Throws `Trouble` if a private entry point differs from the last release while no changeset raises its package by at
 * least a minor version: a patch of one package must not break another package that is already installed.
 */
export const checkPrivateEntries = (top) => {
  const read = (...names) => readFileSync(join(top, ...names), 'utf8').replaceAll('\r\n', '\n')
  const texts = readdirSync(join(top, '.changeset')).filter((name) => name.endsWith('.md'))
  const raised = raisedBy(texts.map((name) => read('.changeset', name)))
  for (const folder of readdirSync(join(top, 'packages'))) {
    const manifest = JSON.parse(read('packages', folder, 'package.json'))
    const { name } = manifest
    const report = `docs/api/${folder}.md`
    const released = releasedText(top, manifest, report)
    if (released === undefined || raised.has(name)) continue
    for (const entry of PRIVATE.map((each) => `${name}/${each}`)) {
      if (sectionOf(read(report), entry) === sectionOf(released, entry)) continue
      throw new Trouble(
        `${entry} differs from the last release. Add a changeset that raises ${name} by a minor version.`,
      )
    }
  }
}
