import type { Completed, CompletionModel, Values } from './model.js'

/** The values that something takes as one line: `files`, `folders`, `text`, `ids KIND`, `words WORD…`. */
const specOf = (values: Values): string => {
  if (values.kind === 'words') return ['words', ...values.words].join(' ')
  return values.kind === 'ids' ? `ids ${values.of}` : values.kind
}

type Row = readonly [key: string, spec: string]

/** A command, and each of its flags and arguments. The key of an argument is its place; a later one is `+`. */
const rowsOf = ({ typed, flags, args, next }: Completed): readonly Row[] => {
  const names = flags.flatMap(({ long, short }) => (short ? [long, short] : [long]))
  const words = next.map(({ word }) => word)
  const idle = args.length === 0 && next.length === 0
  return [
    [typed, `words ${(idle ? names : words).join(' ')}`],
    [`${typed} -`, `words ${names.join(' ')}`],
    ...flags.flatMap(({ long, short, takes }): Row[] =>
      takes
        ? [long, ...(short ? [short] : [])].map((flag) => [`${typed} ${flag}`, specOf(takes)])
        : [],
    ),
    ...args.map(
      ({ multiple, takes }, at): Row => [`${typed} ${multiple ? '+' : at}`, specOf(takes)],
    ),
  ]
}

/** The keys of the table for shells that have no completion of flags of their own, by what is completed there. */
export const completionTable = (model: CompletionModel): ReadonlyMap<string, readonly string[]> => {
  const table = new Map<string, string[]>()
  for (const [key, spec] of model.completed.flatMap(rowsOf)) {
    table.set(spec, [...(table.get(spec) ?? []), key])
  }
  return table
}
