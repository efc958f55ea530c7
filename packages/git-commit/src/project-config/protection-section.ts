/** The settings that `protection` can contain. */
export const PROTECTION_SETTINGS = ['protected_branches'] as const

/** An invalid value, and the names that lead to it. */
export type ProtectionFault = {
  /** `ref`: a full name such as `refs/heads/main`, which would match no branch and silently protect nothing. */
  readonly kind: 'no mapping' | 'no list' | 'no name' | 'empty' | 'ref'
  readonly place: readonly (string | number)[]
}

/** The `protection` section of a project. */
export type ProtectionSection = {
  /** The project's own list, used exactly; `undefined` if it has none. Valid only if there are no faults. */
  readonly branches: readonly string[] | undefined
  /** In the order of the file. */
  readonly faults: readonly ProtectionFault[]
  /** The unknown names under `protection`. */
  readonly unknown: readonly string[]
}

const NOTHING: ProtectionSection = { branches: undefined, faults: [], unknown: [] }

const faulty = (kind: ProtectionFault['kind'], ...place: string[]): ProtectionSection => ({
  ...NOTHING,
  faults: [{ kind, place }],
})

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const faultOf = (name: unknown): ProtectionFault['kind'] | undefined => {
  if (typeof name !== 'string') return 'no name'
  if (name === '') return 'empty'
  return name.startsWith('refs/') ? 'ref' : undefined
}

const branchesOf = (list: unknown): ProtectionSection => {
  const place = ['protection', 'protected_branches']
  if (list === undefined) return NOTHING
  if (!Array.isArray(list)) return faulty('no list', ...place)
  const names: readonly unknown[] = list
  const faults = names.flatMap((name, at) => {
    const kind = faultOf(name)
    return kind === undefined ? [] : [{ kind, place: [...place, at] }]
  })
  return { ...NOTHING, branches: names.filter((name) => typeof name === 'string'), faults }
}

/** Reads the `protection` section in the data of a configuration file, and ignores everything else. */
export const readProtection = (data: unknown): ProtectionSection => {
  if (data === null) return NOTHING
  if (!isMapping(data)) return faulty('no mapping')
  const { protection } = data
  if (protection === undefined || protection === null) return NOTHING
  if (!isMapping(protection)) return faulty('no mapping', 'protection')
  const { protected_branches: list, ...others } = protection
  return { ...branchesOf(list), unknown: Object.keys(others) }
}
