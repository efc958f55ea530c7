import { execFileSync } from 'node:child_process'
import { cruise } from 'dependency-cruiser'
import { folderOf, LAYERS, RULES } from './folders.mjs'

const SOURCE = /^packages\/([^/]+)\/src\/(.+\.ts)$/

/** Returns the sources that git tracks or would track: those that must be checked. */
const sourcesIn = (top) => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'packages']
  const listed = execFileSync('git', args, { cwd: top, encoding: 'utf8' })
  return listed.split('\0').filter((path) => SOURCE.test(path))
}

const describe = ({ rule, from, to, cycle }) =>
  `${rule.name}: ${[from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' → ')}`

const withoutRow = (path) => {
  const [, name, below] = SOURCE.exec(path)
  const folder = folderOf(below)
  return folder === undefined || LAYERS[name]?.[folder] !== undefined
    ? []
    : [`${path}: scripts/layers/folders.mjs has no row for this folder`]
}

/**
 * Reads the imports of all sources. Returns every module, and a line for each violation. A file that was not read is a
 * violation too, because a parser that reads nothing finds nothing.
 */
export const readLayers = async (top) => {
  const { output } = await cruise(['packages'], {
    baseDir: top,
    // The default parser needs an older TypeScript; without one, it misses imports of types.
    parser: 'swc',
    // Include `import type`.
    tsPreCompilationDeps: true,
    includeOnly: '^packages/[^/]+/src/.+\\.ts$',
    validate: true,
    ruleSet: RULES,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  })
  const sources = sourcesIn(top)
  const read = new Set(output.modules.map(({ source }) => source))
  const unread = sources.filter((path) => !read.has(path)).map((path) => `${path} was not read`)
  const broken = output.summary.violations.map(describe)
  const wrong = [...unread, ...sources.flatMap(withoutRow), ...broken]
  return { modules: output.modules, wrong }
}
