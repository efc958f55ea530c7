import * as z from 'zod/mini'
import { DEFAULTS, type Settings } from './settings.js'

const HOURS = 'must be a number of hours, 0 or more'

const Ops = z.strictObject(
  {
    commit: z.exactOptional(z.enum(['direct', 'safe', 'none'], 'must be direct, safe or none')),
    actor: z.exactOptional(z.enum(['operator', 'git'], 'must be operator or git')),
    durability: z.exactOptional(z.enum(['power', 'process'], 'must be power or process')),
    redact: z.exactOptional(z.boolean('must be true or false')),
    commit_index: z.exactOptional(z.boolean('must be true or false')),
    threshold_hours: z.exactOptional(z.number(HOURS).check(z.minimum(0, HOURS))),
  },
  'must be settings by name',
)

const BranchName = z
  .string('must be the name of a branch')
  .check(z.minLength(1, 'must be the name of a branch'))

const Protection = z.strictObject(
  {
    protected_branches: z.exactOptional(z.array(BranchName, 'must be a list of branch names')),
  },
  'must be settings by name',
)

/** Everything but these two belongs to others; an empty file is no mistake. */
const Config = z.nullable(
  z.looseObject(
    {
      ops: z.exactOptional(z.nullable(Ops)),
      protection: z.exactOptional(z.nullable(Protection)),
    },
    'must be settings by name',
  ),
)

/** What is wrong with a value, and where it stands by names from the top. */
export type ConfigIssue = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** True where the name itself is wrong, and not its value. */
  readonly unknownName: boolean
}

/** The names that may stand there, by what they stand under. */
export const SETTING_NAMES: Readonly<Record<'ops' | 'protection', readonly string[]>> = {
  ops: Object.keys(Ops.shape),
  protection: Object.keys(Protection.shape),
}

const issueOf = (error: z.core.$ZodError): ConfigIssue | undefined => {
  const [issue] = error.issues
  if (issue?.code !== 'unrecognized_keys') return issue && { ...issue, unknownName: false }
  const path = [...issue.path, ...issue.keys.slice(0, 1)]
  return { path, message: 'is not a setting', unknownName: true }
}

const settingsOf = (
  ops: z.output<typeof Ops>,
  protectedBranches: readonly string[] | undefined,
): Settings => {
  const { commit_index, threshold_hours, ...same } = ops
  return {
    ...DEFAULTS,
    ...same,
    ...(commit_index !== undefined && { commitIndex: commit_index }),
    ...(threshold_hours !== undefined && { thresholdHours: threshold_hours }),
    ...(protectedBranches !== undefined && { protectedBranches }),
  }
}

/** The settings in the data of a configuration file, or the first thing that is wrong with it. */
export const checkConfig = (data: unknown): Settings | ConfigIssue => {
  const parsed = Config.safeParse(data)
  if (parsed.success) {
    const { ops, protection } = parsed.data ?? {}
    return settingsOf(ops ?? {}, protection?.protected_branches)
  }
  return issueOf(parsed.error) ?? { path: [], message: 'cannot be read', unknownName: false }
}
