import * as z from 'zod/mini'
import { isKnownName, type KnownEventName, SHAPES } from '../events/events.js'
import { OPTIONAL_FIELDS } from '../events/null-fields.js'

/** A JSON Schema, as plain data. */
export type JsonSchema = z.core.JSONSchema.JSONSchema

/**
 * The JSON Schema (draft 2020-12) of one line of a record. It accepts what the parser accepts, including `null` in
 * optional fields, unknown fields, unknown events and legacy completions.
 */
export function opLineJsonSchema(): JsonSchema {
  const names = Object.keys(SHAPES).filter(isKnownName)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'One line of an Op record',
    anyOf: [...names.map(eventSchema), unknownSchema(names)],
  }
}

function eventSchema(name: KnownEventName): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(SHAPES[name], { io: 'input' })
  const properties = Object.entries(schema.properties ?? {}).map(([field, property]) =>
    OPTIONAL_FIELDS[name].has(field) ? [field, orNull(property)] : [field, property],
  )
  const nullable = { title: name, ...schema, properties: Object.fromEntries(properties) }
  return name === 'completed' ? { ...nullable, ...OUTCOME_RULE } : nullable
}

const orNull = (property: JsonSchema | boolean) => ({ anyOf: [property, { type: 'null' }] })

/** With `closed_by`, `outcome` is required. */
const OUTCOME_RULE: JsonSchema = Object.fromEntries([
  ['if', textIn('closed_by')],
  ['then', textIn('outcome')],
])

function textIn(field: string): JsonSchema {
  return { required: [field], properties: { [field]: { type: 'string' } } }
}

const unknownSchema = (names: readonly string[]): JsonSchema => ({
  title: 'unknown event',
  type: 'object',
  required: ['event'],
  properties: { event: { type: 'string', not: { enum: [...names] } } },
})
