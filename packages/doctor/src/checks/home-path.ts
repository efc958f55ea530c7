import {
  type Check,
  type CheckContext,
  collect,
  defineCheck,
  type Finding,
} from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'
import { otherTexts, textsOf } from '../facts/texts.js'

/** A path in a home folder on Linux, macOS or Windows. */
const HOME =
  /(?:^|[\s"'`(=:,])(?:\/home\/[^/\s]+\/|\/Users\/[^/\s]+\/|\/root\/|[A-Za-z]:[\\/]Users[\\/])/

const recordsWithPath = collect((found): OpRef | undefined =>
  found.ok && textsOf(found.record).some((text) => HOME.test(text))
    ? { id: found.id, path: found.path }
    : undefined,
)

const MEANING =
  'Everyone who can read the repository sees a user name and the folders of a machine. Records are never rewritten; use paths relative to the project from now on.'

const ONE = `The file contains the path of a home folder. ${MEANING}`

const elsewhere = async (context: CheckContext): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  const base = { id: homePath.id, severity: 'info', fixable: false } as const
  for await (const { path, text } of otherTexts(context)) {
    if (!HOME.test(text)) continue
    findings.push({ ...base, path, message: ONE, next: [] })
  }
  return findings
}

/** Records, logs and evidence that contain the path of a home folder. */
export const homePath: Check = defineCheck({
  id: 'home-path',
  deep: true,
  needs: { found: recordsWithPath },
  run: async (context, { found }) => [
    ...findingAbout(await found(), {
      id: homePath.id,
      severity: 'info',
      fixable: false,
      one: ONE,
      many: (count) => `${count} records contain the path of a home folder. ${MEANING}`,
      next: () => [],
    }),
    ...(await elsewhere(context)),
  ],
})
