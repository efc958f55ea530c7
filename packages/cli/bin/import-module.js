// A file of its own, which Node compiles: a bundle that was kept compiled cannot import anything.
exports.importModule = (specifier) => import(specifier)
