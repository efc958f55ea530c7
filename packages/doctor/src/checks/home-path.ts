import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'
import { visitRecords } from '../facts/record-pass.js'
import { otherTexts, textsOf } from '../facts/texts.js'

/** A path in a home folder on Linux, macOS or Windows. */
const HOME =
  /(?:^|[\s"'`(=:,])(?:\/home\/[^/\s]+\/|\/Users\/[^/\s]+\/|\/root\/|[A-Za-z]:[\\/]Users[\\/])/

const find = async (context: CheckContext) => {
  const found: OpRef[] = []
  await visitRecords(context, (each) => {
    if ('error' in each || !textsOf(each.record).some((text) => HOME.test(text))) return
    found.push({ id: each.id, path: each.path })
  })
  return found
}

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
export const homePath: Check = {
  id: 'home-path',
  deep: true,
  run: async (context) => [
    ...findingAbout(await find(context), {
      id: homePath.id,
      severity: 'info',
      fixable: false,
      one: ONE,
      many: (count) => `${count} records contain the path of a home folder. ${MEANING}`,
      next: () => [],
    }),
    ...(await elsewhere(context)),
  ],
}
