import {
  PROTECTION_SETTINGS,
  type ProtectionFault,
  type ProtectionSection,
  readProtection,
} from '@kitty/git-commit/project-config'
import { compileRedactPattern } from '@kitty/writer/internals'
import * as z from 'zod/mini'
import { DEFAULTS, type Settings } from './settings.js'

const BYTES = 'must be a number of bytes, or a number with KiB or MiB, such as 5 MiB'

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const

const SIZE = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|KiB|MiB)$/

const isUnit = (name: string | undefined): name is keyof typeof UNITS =>
  name !== undefined && name in UNITS

/** A size in bytes: a number, or a number with a unit. */
const ByteCount = z.union(
  [
    z.int(BYTES).check(z.minimum(0, BYTES)),
    z.pipe(
      z.string(BYTES).check(z.regex(SIZE, BYTES)),
      z.transform((size) => {
        const [, number, unit] = SIZE.exec(size) ?? []
        return Math.round(Number(number) * (isUnit(unit) ? UNITS[unit] : 1))
      }),
    ),
  ],
  BYTES,
)

const PATTERNS = 'must be a list of regular expressions'

/** A pattern for secrets; the message says what is wrong with it. */
const RedactPattern = z.string('must be a regular expression, in quotes').check(
  z.superRefine((pattern, context) => {
    const compiled = compileRedactPattern(pattern)
    if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.problem })
  }),
)

const REMOTE = 'must be the name of a remote, not its address'

const HOURS = 'must be a number of hours, 0 or more'

const Ops = z.strictObject(
  {
    commit: z.exactOptional(
      z.enum(['direct', 'safe', 'ledger', 'none'], 'must be direct, safe, ledger or none'),
    ),
    ledger: z.exactOptional(z.boolean('must be true or false')),
    ledger_evidence_limit: z.exactOptional(ByteCount),
    remote: z.exactOptional(z.string(REMOTE).check(z.regex(/^[^\s:]+$/, REMOTE))),
    sign: z.exactOptional(z.enum(['never', 'auto', 'always'], 'must be never, auto or always')),
    detached: z.exactOptional(z.enum(['defer', 'commit'], 'must be defer or commit')),
    exclude: z.exactOptional(z.boolean('must be true or false')),
    actor: z.exactOptional(z.enum(['operator', 'git'], 'must be operator or git')),
    durability: z.exactOptional(z.enum(['power', 'process'], 'must be power or process')),
    redact: z.exactOptional(z.boolean('must be true or false')),
    redact_patterns: z.exactOptional(z.array(RedactPattern, PATTERNS)),
    link_commits: z.exactOptional(z.boolean('must be true or false')),
    commit_index: z.exactOptional(z.boolean('must be true or false')),
    threshold_hours: z.exactOptional(z.number(HOURS).check(z.minimum(0, HOURS))),
  },
  'must be a mapping of settings',
)

/** Only `ops` and `protection` are checked; other keys belong to other programs. An empty file is valid. */
const Config = z.nullable(
  z.looseObject({ ops: z.exactOptional(z.nullable(Ops)) }, 'must be a mapping of settings'),
)

/** The message for each fault; `undefined` for a full ref name, which the guard refuses if it is used. */
const FAULTS: Readonly<Record<ProtectionFault['kind'], string | undefined>> = {
  'no mapping': 'must be a mapping of settings',
  'no list': 'must be a list of branch names',
  'no name': 'must be the name of a branch',
  empty: 'must be the name of a branch',
  ref: undefined,
}

/** A problem with a value, and the names that lead to it from the top. */
export type ConfigIssue = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** True if the name is unknown, false if its value is wrong. */
  readonly unknownName: boolean
}

/** The known names under each key. */
export const SETTING_NAMES: Readonly<Record<'ops' | 'protection', readonly string[]>> = {
  ops: Object.keys(Ops.shape),
  protection: PROTECTION_SETTINGS,
}

const unknownSetting = (path: readonly PropertyKey[]): ConfigIssue => ({
  path,
  message: 'is not a setting',
  unknownName: true,
})

const issuesOf = (error: z.core.$ZodError): readonly ConfigIssue[] =>
  error.issues.flatMap((issue) => {
    const { path, message } = issue
    if (issue.code !== 'unrecognized_keys') return [{ path, message, unknownName: false }]
    return issue.keys.map((key) => unknownSetting([...path, key]))
  })

const settingsOf = (
  ops: z.output<typeof Ops>,
  protectedBranches: readonly string[] | undefined,
): Settings => {
  const { commit_index, ledger_evidence_limit, link_commits, redact_patterns, ...rest } = ops
  const { threshold_hours, ...same } = rest
  return {
    ...DEFAULTS,
    ...same,
    ...(commit_index !== undefined && { commitIndex: commit_index }),
    ...(ledger_evidence_limit !== undefined && { ledgerEvidenceLimit: ledger_evidence_limit }),
    ...(link_commits !== undefined && { linkCommits: link_commits }),
    ...(redact_patterns !== undefined && { redactPatterns: redact_patterns }),
    ...(threshold_hours !== undefined && { thresholdHours: threshold_hours }),
    ...(protectedBranches !== undefined && { protectedBranches }),
  }
}

const protectionIssues = ({ faults, unknown }: ProtectionSection): readonly ConfigIssue[] => [
  ...faults.flatMap(({ kind, place: path }) => {
    const message = FAULTS[kind]
    return message === undefined ? [] : [{ path, message, unknownName: false }]
  }),
  ...unknown.map((name) => unknownSetting(['protection', name])),
]

/** The settings in the data of a configuration file, or all of its problems. */
type CheckedConfig =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/** Checks the data of a configuration file. */
export const checkConfig = (data: unknown): CheckedConfig => {
  const parsed = Config.safeParse(data)
  if (!parsed.success && parsed.error.issues.some(({ path }) => path.length === 0)) {
    return { ok: false, issues: issuesOf(parsed.error) }
  }
  const protection = readProtection(data)
  const issues = [
    ...(parsed.success ? [] : issuesOf(parsed.error)),
    ...protectionIssues(protection),
  ]
  if (!parsed.success || issues.length > 0) return { ok: false, issues }
  return { ok: true, settings: settingsOf(parsed.data?.ops ?? {}, protection.branches) }
}
