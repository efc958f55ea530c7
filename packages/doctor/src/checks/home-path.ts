import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { visitRecords } from '../facts/record-pass.js'
import { otherTexts, textsOf } from '../facts/texts.js'

/** The home folder of somebody, on Linux, macOS and Windows. */
const HOME =
  /(?:^|[\s"'`(=:,])(?:\/home\/[^/\s]+\/|\/Users\/[^/\s]+\/|\/root\/|[A-Za-z]:[\\/]Users[\\/])/

const find = async (context: CheckContext) => {
  const found: { readonly id: string; readonly path: string }[] = []
  await visitRecords(context, (each) => {
    if ('error' in each || !textsOf(each.record).some((text) => HOME.test(text))) return
    found.push({ id: each.id, path: each.path })
  })
  return found
}

const MEANING =
  'It tells whoever reads the repository how a machine is set up and who works on it. Records are never rewritten; give paths relative to the project from now on'

const elsewhere = async (context: CheckContext): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for await (const { path, text } of otherTexts(context)) {
    if (!HOME.test(text)) continue
    const message = `${path} names somebody's home folder. ${MEANING}`
    findings.push({ id: homePath.id, severity: 'info', path, message, fixable: false })
  }
  return findings
}

/** Records, logs and evidence that name somebody's home folder. */
export const homePath: Check = {
  id: 'home-path',
  deep: true,
  run: async (context) => [
    ...findingAbout(await find(context), {
      id: homePath.id,
      severity: 'info',
      fixable: false,
      one: (path) => `${path} names somebody's home folder. ${MEANING}`,
      many: (count) => `${count} records name somebody's home folder. ${MEANING}`,
    }),
    ...(await elsewhere(context)),
  ],
}
