// A fuzzer calls parsers that no entry point exports, in the modules that were built.

/** Imports a built module of a package, such as `objects/tree` of `git-commit`. */
export const built = (name, path) =>
  import(new URL(`../../packages/${name}/dist/${path}.js`, import.meta.url).href)
