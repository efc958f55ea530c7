import { folderOf, LAYERS } from './folders.mjs'

const placeOf = (path) => {
  const [, name, below] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  return { name, folder: below === undefined ? undefined : folderOf(below) }
}

/** Returns a map of each folder of a package to the other folders that its files import. */
const edgesOf = (modules, name) => {
  const edges = new Map(Object.keys(LAYERS[name]).map((folder) => [folder, new Set()]))
  for (const { source, dependencies } of modules) {
    const from = placeOf(source)
    if (from.name !== name || from.folder === undefined) continue
    for (const { resolved } of dependencies) {
      const to = placeOf(resolved)
      const isOther = to.folder !== undefined && to.folder !== from.folder
      if (to.name === name && isOther) edges.get(from.folder)?.add(to.folder)
    }
  }
  return edges
}

const leadsTo = (edges, from, to) =>
  [...(edges.get(from) ?? [])].some((next) => next === to || leadsTo(edges, next, to))

/** Returns only the arrows that do not follow from others. */
const direct = (edges, from) =>
  [...edges.get(from)].filter(
    (to) => ![...edges.get(from)].some((other) => other !== to && leadsTo(edges, other, to)),
  )

/** Sorts folders as in the table, so that the order in which files were read does not matter. */
const inOrder = (folders, some) => folders.filter((folder) => some.includes(folder))

const nodeOf = (name, folder) =>
  `${name}/${folder === '.' ? 'top' : folder}`.replaceAll(/[-/]/g, '_')

const labelOf = (folder) => (folder === '.' ? 'top-level files' : `${folder}/`)

const graphOf = (modules, name) => {
  const edges = edgesOf(modules, name)
  const folders = [...edges.keys()]
  return [
    `  subgraph ${nodeOf(name, 'package')}["${name}"]`,
    ...folders.map((folder) => `    ${nodeOf(name, folder)}["${labelOf(folder)}"]`),
    ...folders.flatMap((folder) =>
      inOrder(folders, direct(edges, folder)).map(
        (to) => `    ${nodeOf(name, folder)} --> ${nodeOf(name, to)}`,
      ),
    ),
    '  end',
  ]
}

/** Returns a Mermaid diagram of which folder imports which. */
export const drawingOf = (modules) =>
  [
    '```mermaid',
    'flowchart TD',
    ...Object.keys(LAYERS).flatMap((name) => graphOf(modules, name)),
    '```',
  ].join('\n')
