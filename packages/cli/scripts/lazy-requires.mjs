import { readFile } from 'node:fs/promises'

const INTEROP = '(?:__importDefault|__importStar)'
const REQUIRED = new RegExp(
  `^(?:const|var) (\\w+_\\d+) = (?:${INTEROP}\\((require\\("[^"]+"\\))\\)|(require\\("[^"]+"\\)));$`,
  'gm',
)

/**
 * Delays each `require` at the top of a compiled CommonJS file until its value is used: the compiler writes
 * `const x_1 = require("x")`, and then uses only `x_1.name`.
 */
export const withLazyRequires = (text) => {
  const names = []
  const lazy = text.replace(REQUIRED, (line, name) => {
    names.push(name)
    const value = line.slice(line.indexOf('= ') + 2, -1)
    return `let ${name}$; const ${name} = () => (${name}$ ??= ${value});`
  })
  return names.reduce(
    (all, name) => all.replace(new RegExp(`\\b${name}\\.`, 'g'), `(${name}()).`),
    lazy,
  )
}

/** Loads oclif's plugin loader, help and spinners only if they are used. oclif loads them with every command. */
export const lazyRequires = {
  name: 'lazy-requires',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => ({
      contents: withLazyRequires(await readFile(path, 'utf8')),
      loader: 'js',
    }))
  },
}
