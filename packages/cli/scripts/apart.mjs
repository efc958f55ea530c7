/** Large packages that few commands use, with the names of their files in the bundle. */
const PACKAGES = new Map([
  ['execa', 'execa'],
  ['yaml', 'yaml'],
  ['@secretlint/secretlint-rule-preset-recommend', 'secret-rules'],
])

/** Keeps these packages in files of their own, which are read when they are used. Adds their entry points to `found`. */
export const apart = (found) => ({
  name: 'apart',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /\/import-module\.js$/ }, () => ({
      path: './import-module.js',
      external: true,
    }))
    onResolve({ filter: /^[^.]/ }, async ({ path, pluginData, ...from }) => {
      const name = PACKAGES.get(path)
      if (name === undefined || pluginData === PACKAGES) return undefined
      const entry = await resolve(path, { ...from, pluginData: PACKAGES })
      found.set(name, entry.path)
      // Seen from `bin/load.js`, which requires it.
      return { path: `../bundle/${name}.cjs`, external: true }
    })
  },
})
