import type { OpRecord } from '@kitty/record'

const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/** Every text in a record, as whoever wrote it meant it, without the escapes of JSON. */
export const textsOf = ({ events }: OpRecord): readonly string[] => events.flatMap(stringsIn)
