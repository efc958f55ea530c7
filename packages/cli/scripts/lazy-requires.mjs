import { readFile } from 'node:fs/promises'

const INTEROP = '(?:__importDefault|__importStar)'
const REQUIRED = new RegExp(
  `^(?:const|var) (\\w+_\\d+) = (?:${INTEROP}\\((require\\("[^"]+"\\))\\)|(require\\("[^"]+"\\)));$`,
  'gm',
)

/**
 * Puts off each `require` at the top of a compiled CommonJS file until what it gives is used: the
 * compiler writes `const x_1 = require("x")`, and from then on only `x_1.name`.
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

/** oclif loads its plugin loader, its help and its spinners with every command; this leaves them until asked for. */
export const lazyRequires = {
  name: 'lazy-requires',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => ({
      contents: withLazyRequires(await readFile(path, 'utf8')),
      loader: 'js',
    }))
  },
}
