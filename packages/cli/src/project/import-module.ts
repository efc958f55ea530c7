/** Imports a module by its URL, or by the name of a package. In the bundle, `bin/import-module.js` replaces this file. */
export const importModule = (specifier: string): Promise<unknown> => import(specifier)
