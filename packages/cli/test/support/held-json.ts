import * as z from 'zod'
import { readCommandLine } from '../../src/app/command-line.js'
import {
  ERROR_OUTPUT,
  HELP,
  type JsonOutput,
  OUTPUTS,
  VERSION_OUTPUT,
} from '../../src/json/outputs.js'

/** The fields that occurred in the JSON of this test file, by their schemas. */
const seen = new Set<z.core.$ZodType>()

/** The schemas of the fields of an object, by name, and of everything that a schema is made of. */
const partsOf = (schema: z.core.$ZodType) => {
  if (schema instanceof z.ZodObject) return { fields: schema.shape }
  if (schema instanceof z.ZodArray) return { items: schema.element }
  if (schema instanceof z.ZodUnion) return { options: schema.options }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodExactOptional)
    return { inner: schema.unwrap() }
  return {}
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mark = (schema: z.core.$ZodType, value: unknown): void => {
  const { fields, items, options, inner } = partsOf(schema)
  if (fields && isObject(value)) {
    for (const [name, field] of Object.entries(fields)) {
      if (!(name in value)) continue
      seen.add(field)
      mark(field, value[name])
    }
  }
  if (items && Array.isArray(value)) for (const item of value) mark(items, item)
  if (inner && value !== null) mark(inner, value)
  const taken = options?.find((option) => z.safeParse(option, value).success)
  if (taken) mark(taken, value)
}

const outputsFor = (argv: readonly string[], document: unknown): readonly JsonOutput[] => {
  if (isObject(document) && isObject(document.error)) return ERROR_OUTPUT
  const { command, help, version } = readCommandLine(argv)
  if (version) return VERSION_OUTPUT
  return help || command === undefined ? HELP : (OUTPUTS[command] ?? [])
}

/** Throws if a document has an undocumented field, or lacks one or has another type. */
export const holdToSchema = (argv: readonly string[], document: unknown): void => {
  const outputs = outputsFor(argv, document)
  const results = outputs.map(({ schema }) => ({ schema, result: z.safeParse(schema, document) }))
  const held = results.find(({ result }) => result.success)
  if (held) {
    mark(held.schema, document)
    return
  }
  const why = results.map(({ result }) => result.error && z.prettifyError(result.error))
  throw new Error(
    `Not as documented: ${argv.join(' ')}\n${JSON.stringify(document)}\n${why.join('\nor\n')}`,
  )
}

const missingIn = (schema: z.core.$ZodType, path: string): readonly string[] => {
  const { fields = {}, items, options = [], inner } = partsOf(schema)
  const ofFields = Object.entries(fields).flatMap(([name, field]) => {
    const own = `${path}.${name}`
    return seen.has(field) ? missingIn(field, own) : [own]
  })
  const others = [items, ...options, inner].filter((other) => other !== undefined)
  return [...ofFields, ...others.flatMap((other) => missingIn(other, path))]
}

/** The documented fields that have not occurred in this test file. */
export const missingFields = (): readonly string[] => {
  const all = { ...OUTPUTS, help: HELP, version: VERSION_OUTPUT, error: ERROR_OUTPUT }
  return Object.entries(all).flatMap(([name, outputs]) =>
    outputs.flatMap(({ schema }) => missingIn(schema, name)),
  )
}
