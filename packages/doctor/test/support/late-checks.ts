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

/**
 * Runs the doctor with two such checks, once with all others and once with one of them alone, and traces only its use
 * of files. Returns what they found.
 */
export const runTraced = async (root: string): Promise<string> => {
  const ops = await openOps({ root, strategy: directGit() })
  const extraChecks = [lateCheck('late'), lateCheck('later')]
  const tracing = createTracing({ categories: ['node.fs.sync'] })
  tracing.enable()
  const all = await doctorOps({ ops, extraChecks })
  const one = await doctorOps({ ops, extraChecks, checks: ['late'] })
  tracing.disable()
  return [...all.findings, ...one.findings]
    .filter(({ id }) => id.startsWith('late'))
    .map(({ id, message }) => `${id}: ${message}`)
    .join()
}
