// Describes the schemas of src/json as Markdown tables.
import * as z from 'zod'

const metaOf = (schema) => z.globalRegistry.get(schema) ?? {}

/** The section of a schema that has one. */
const titleOf = (schema) => metaOf(schema).title

const anchorOf = (title) => title.toLowerCase().replaceAll(' ', '-')

const linkTo = (title) => `[${title.replace(/^An? /, '')}](#${anchorOf(title)})`

const isOptional = (schema) => schema instanceof z.ZodExactOptional

/** The schema without what only says whether a value is there. */
const bare = (schema) =>
  isOptional(schema) || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema

const code = (value) => `\`${value}\``

const typeOf = (schema) => {
  if (titleOf(schema)) return linkTo(titleOf(schema))
  if (isOptional(schema)) return typeOf(schema.unwrap())
  if (schema instanceof z.ZodNullable) return `${typeOf(schema.unwrap())} or \`null\``
  if (schema instanceof z.ZodArray)
    return `list of ${typeOf(schema.element).replace(/^(string|object)$/, '$1s')}`
  if (schema instanceof z.ZodUnion) return schema.options.map(typeOf).join(' or ')
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(code).join(', ')
  if (schema instanceof z.ZodEnum) return schema.options.map(code).join(', ')
  if (schema instanceof z.ZodString) return 'string'
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodNull) return code('null')
  if (schema instanceof z.ZodObject) return 'object'
  throw new Error(`No words for a ${schema.constructor.name}`)
}

const meaningOf = (schema) =>
  metaOf(schema).description ??
  (isOptional(schema) || schema instanceof z.ZodNullable ? meaningOf(schema.unwrap()) : '')

const presentOf = (schema) => (isOptional(schema) ? `if ${metaOf(schema).when}` : 'always')

/** The object whose fields belong into the same table, and the path to it. */
const within = (schema, path) => {
  const inner = bare(schema)
  if (titleOf(schema) ?? titleOf(inner)) return undefined
  if (inner instanceof z.ZodArray) return within(inner.element, `${path}[]`)
  return inner instanceof z.ZodObject ? { object: inner, path: `${path}.` } : undefined
}

const rowsOf = ({ shape }, path = '') =>
  Object.entries(shape).flatMap(([name, schema]) => {
    const inner = within(schema, `${path}${name}`)
    const own = { name: `${path}${name}`, schema, present: presentOf(schema) }
    return [own, ...(inner ? rowsOf(inner.object, inner.path) : [])]
  })

/** One row for each field of several objects that differ in a field such as `status`. */
const rowsOfUnion = ({ options, def: { discriminator } }) => {
  const rows = new Map()
  for (const option of options) {
    const [value] = option.shape[discriminator].values
    for (const row of rowsOf(option)) {
      const known = rows.get(row.name) ?? { ...row, values: [], schemas: [] }
      known.values.push(code(value))
      known.schemas.push(row.schema)
      rows.set(row.name, known)
    }
  }
  return [...rows.values()].map(({ values, schemas, present, ...row }) => {
    const own = present === 'always' ? '' : ` and ${present.slice('if '.length)}`
    const some = `if \`${discriminator}\` is ${values.join(' or ')}${own}`
    const isEverywhere = values.length === options.length
    const types = [...new Set(schemas.map(typeOf))]
    // A string includes the values that another object has.
    const type = types.includes('string') ? 'string' : types.join(', ')
    return { ...row, type, present: isEverywhere ? present : some }
  })
}

const cells = (values) => `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |\n`

/** The sentence about the fields that an object shares with another one that it extends. */
export const baseOf = (schema) => {
  const { base } = metaOf(schema)
  return base ? `It has the fields of ${linkTo(titleOf(base))}, and:\n\n` : ''
}

const allRowsOf = (schema) => {
  if (schema instanceof z.ZodUnion) return rowsOfUnion(schema)
  return schema instanceof z.ZodArray ? rowsOf(schema.element, '[].') : rowsOf(schema)
}

/** The table of the fields of an object, or of each object in a list. */
export const tableOf = (schema) => {
  const all = allRowsOf(schema)
  const shared = new Set(Object.values(metaOf(schema).base?.shape ?? {}))
  const rows = all.filter((row) => !shared.has(row.schema))
  const lines = rows.map((row) =>
    cells([code(row.name), row.type ?? typeOf(row.schema), row.present, meaningOf(row.schema)]),
  )
  return `| field | type | present | meaning |\n|---|---|---|---|\n${lines.join('')}`
}

const childrenOf = (schema) => {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape)
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodUnion) return schema.options
  return bare(schema) === schema ? [] : [bare(schema)]
}

/** The schemas with a section of their own that a schema uses, by title. */
export const sharedBy = (schema, found = new Map()) => {
  const title = titleOf(schema)
  if (title && !found.has(title)) found.set(title, schema)
  for (const child of childrenOf(schema)) sharedBy(child, found)
  return found
}
