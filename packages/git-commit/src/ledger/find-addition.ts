import { gitText } from '../git/query.js'
import { isObjectId } from '../objects/object.js'

/** How many commits are looked at with one git process. */
const AT_ONCE = 16

/** Numbers between two others, evenly spread; if the end is not known, each twice the one before. */
const between = (from: number, to: number | undefined): readonly number[] => {
  if (to === undefined) return Array.from({ length: AT_ONCE / 2 }, (_, at) => (from + 1) * 2 ** at)
  const count = Math.min(AT_ONCE, to - from - 1)
  return Array.from(
    { length: count },
    (_, at) => from + Math.ceil(((at + 1) * (to - from)) / (count + 1)),
  )
}

/**
 * Returns the commit that added a file to a ledger, whose history is a line from which nothing is removed. Caller must know
 * that `tip` has the file. Git's own search compares the trees of all newer commits, which takes seconds after thousands of
 * Ops. Throws `GIT_FAILED`.
 */
export const findAddition = async (top: string, path: string, tip: string): Promise<string> => {
  // How far from the tip: the oldest commit that is known to have it, and the newest that is known to lack it.
  let has = 0
  let lacks: number | undefined
  while (lacks === undefined || lacks - has > 1) {
    const asked = between(has, lacks)
    const answer = await gitText(top, ['cat-file', '--buffer', '--batch-check=%(objectname)'], {
      what: 'find the commit of a record',
      input: asked.map((number) => `${tip}~${number}:${path}\n`).join(''),
    })
    const found = answer.split('\n')
    const missing = asked.findIndex((_, at) => !isObjectId(found[at] ?? ''))
    has = (missing < 0 ? asked.at(-1) : asked[missing - 1]) ?? has
    lacks = asked[missing] ?? lacks
  }
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${tip}~${has}`]
  return (await gitText(top, args, { what: 'find the commit of a record' })).trim()
}
