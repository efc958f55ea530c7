// Reads the compiler's declaration files statement by statement. TypeScript 7 has no parser API yet, and its output
// is regular enough: every statement begins at the beginning of a line.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const BEGINS = /^(?:export|import|declare|interface|type|const|function|class|enum|abstract)\b/
const DECLARED =
  /^(?:export )?(?:declare )?(?:abstract )?(?:const|let|function|class|interface|type|enum) ([\w$]+)/
const LISTED = /^(export|import)(?: type)? \{([^}]*)\}(?: from '([^']+)')?/
const COMMENT = /\/\*\*[\s\S]*?\*\/\n?[ ]*/g

const statementsOf = (text) => {
  const statements = []
  for (const line of text.split('\n')) {
    if (BEGINS.test(line)) statements.push(line)
    else if (statements.length > 0) statements.push(`${statements.pop()}\n${line}`)
  }
  return statements.map((each) => each.trimEnd())
}

/** Parses a list such as `type a as b, c`. Returns the name in the source module and the name here. */
const namesIn = (list) =>
  list
    .split(',')
    .map((part) => part.trim().replace(/^type /, ''))
    .filter((part) => part !== '')
    .map((part) => part.split(' as '))
    .map(([from, to = from]) => ({ from, to }))

const readModule = (file) => {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n').replace(COMMENT, '')
  const module = { declared: new Map(), links: new Map(), exported: [] }
  for (const statement of statementsOf(text)) {
    const [, verb, list, from] = LISTED.exec(statement) ?? []
    const [, name] = DECLARED.exec(statement) ?? []
    const target = from?.startsWith('.')
      ? resolve(dirname(file), from.replace(/\.js$/, '.d.ts'))
      : undefined
    for (const each of verb ? namesIn(list) : []) {
      if (verb === 'export') module.exported.push(each.to)
      if (target) module.links.set(each.to, { file: target, name: each.from })
    }
    if (name === undefined) continue
    // An overloaded function is declared several times.
    const before = module.declared.get(name)
    module.declared.set(name, before === undefined ? statement : `${before}\n${statement}`)
    if (statement.startsWith('export ')) module.exported.push(name)
  }
  return module
}

/** Returns a reader of declaration files. It reads each file once. */
export const declarations = () => {
  const modules = new Map()
  const moduleAt = (file) => {
    if (!modules.has(file)) modules.set(file, readModule(file))
    return modules.get(file)
  }
  /** Returns where a name is declared: its file, its name there, and its text; `undefined` if it is not found. */
  const find = (file, name) => {
    const { declared, links } = moduleAt(file)
    const link = links.get(name)
    if (link) return find(link.file, link.name)
    const text = declared.get(name)
    return text === undefined ? undefined : { file, name, text }
  }
  return { exportedBy: (file) => moduleAt(file).exported, find }
}
