import { createTracing } from 'node:trace_events'
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { type Check, collect, defineCheck, doctorOps } from '../../src/index.js'

/** A check that waits for other work first, and only then for the records. */
const lateCheck = (id: string): Check => {
  const seen = collect(({ path }) => path)
  return defineCheck({
    id,
    needs: { seen },
    run: async ({ ops }, facts) => {
      await ops.pending()
      await new Promise((resolve) => setTimeout(resolve, 100))
      const message = String((await facts.seen()).length)
      return [{ id, severity: 'info', message, fixable: false, next: [] }]
    },
  })
}

/** Runs the doctor with two such checks, and traces only its use of files. Returns the findings of the checks. */
export const runTraced = async (root: string, checks: readonly string[]): Promise<string> => {
  const ops = await openOps({ root, strategy: directGit() })
  const extraChecks = [lateCheck('late'), lateCheck('later')]
  const tracing = createTracing({ categories: ['node.fs.sync'] })
  tracing.enable()
  const { findings } = await doctorOps({ ops, extraChecks, checks })
  tracing.disable()
  return findings.map(({ id, message }) => `${id}: ${message}`).join('\n')
}
