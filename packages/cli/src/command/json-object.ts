/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is an object, not a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
