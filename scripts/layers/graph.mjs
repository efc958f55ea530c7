import { folderOf, LAYERS } from './folders.mjs'

const placeOf = (path) => {
  const [, name, below] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  return { name, folder: below === undefined ? undefined : folderOf(below) }
}

/** Folder → folders that its files import, as they are in one package. */
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

/** Only the arrows that no detour stands for. */
const direct = (edges, from) =>
  [...edges.get(from)].filter(
    (to) => ![...edges.get(from)].some((other) => other !== to && leadsTo(edges, other, to)),
  )

/** As the table has them, whatever file was read first. */
const inOrder = (folders, some) => folders.filter((folder) => some.includes(folder))

const nodeOf = (name, folder) =>
  `${name}/${folder === '.' ? 'top' : folder}`.replaceAll(/[-/]/g, '_')

const labelOf = (folder) => (folder === '.' ? 'beside the folders' : `${folder}/`)

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

/** A drawing of which folder imports which, in Mermaid. */
export const drawingOf = (modules) =>
  [
    '```mermaid',
    'flowchart TD',
    ...Object.keys(LAYERS).flatMap((name) => graphOf(modules, name)),
    '```',
  ].join('\n')
