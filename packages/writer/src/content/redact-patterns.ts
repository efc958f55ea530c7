import { KittyError } from '@kitty/record'
import type { Secret } from './secret.js'

/** The kind of what a pattern of a project or a program matches. */
const OWN_KIND = 'custom'

/** How long all patterns together can take for one text of up to 1 MiB, and for each MiB more, in milliseconds. */
const LIMIT_MS = 2000
const LIMIT_PER_MIB_MS = 200

// `/…/i`, as in a program; everything else is the pattern itself.
const LITERAL = /^\/(.+)\/([a-z]*)$/s

const FLAGS = /^i?m?s?$/

// A pattern that matches nothing at one of these places would match it in every text.
const ORDINARY_TEXT = 'a B-1_\n'

/** What is wrong with a pattern, as the end of a sentence; or the pattern, ready to be used. */
export type CompiledPattern =
  | { readonly ok: true; readonly pattern: RegExp }
  | { readonly ok: false; readonly problem: string }

const invalid = (problem: string): CompiledPattern => ({ ok: false, problem })

const partsOf = (given: string | RegExp): readonly [source: string, flags: string] => {
  if (given instanceof RegExp) {
    // Each match is looked for from the start of the rest, whatever the flags say.
    return [given.source, given.flags.replaceAll(/[dgy]/g, '')]
  }
  const [, source = given, flags = ''] = LITERAL.exec(given) ?? []
  return [source, `${flags}u`]
}

const hasEmptyMatch = (pattern: RegExp): boolean =>
  ['', ORDINARY_TEXT].some((text) => [...text.matchAll(pattern)].some(([match]) => match === ''))

/**
 * Compiles a pattern: a regular expression, or its text with or without slashes and the flags `i`, `m`, `s`. A text
 * has the flag `u`, so a mistake in it is an error and no character is cut in half.
 */
export const compileRedactPattern = (given: unknown): CompiledPattern => {
  if (typeof given !== 'string' && !(given instanceof RegExp)) {
    return invalid('must be a regular expression')
  }
  const [source, flags] = partsOf(given)
  if (typeof given === 'string' && !FLAGS.test([...flags.slice(0, -1)].toSorted().join(''))) {
    return invalid('has a flag other than i, m and s, or one of them twice')
  }
  try {
    const pattern = new RegExp(source, `${flags}g`)
    return hasEmptyMatch(pattern) ? invalid('matches the empty text') : { ok: true, pattern }
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error)
    return invalid(`is not a regular expression: ${reason}`)
  }
}

/** Compiles the patterns of a program. Throws `REDACT_PATTERN_INVALID` for the first that cannot be used. */
export const compileRedactPatterns = (given: readonly (string | RegExp)[]): readonly RegExp[] =>
  given.map((one, index) => {
    const compiled = compileRedactPattern(one)
    if (compiled.ok) return compiled.pattern
    throw new KittyError('REDACT_PATTERN_INVALID', `redactPatterns[${index}] ${compiled.problem}`, {
      hint: 'Correct the pattern in the option `redactPatterns`.',
    })
  })

const tooSlow = (pattern: RegExp | undefined, cause: unknown): KittyError =>
  new KittyError(
    'REDACT_PATTERN_SLOW',
    `The search for secrets took too long in the redaction pattern ${pattern}.`,
    {
      hint: 'Simplify the pattern in the option `redactPatterns`: nested repetitions such as (a+)+ can take forever.',
      cause,
    },
  )

// The error is made in the script's own context, where `Error` is another class.
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * Finds what the patterns of a project or a program match. Node stops a script that takes too long, also inside a
 * regular expression. Throws `REDACT_PATTERN_SLOW`: a text that could not be searched is not written.
 */
export const findByPatterns = async (
  text: string,
  patterns: readonly RegExp[],
): Promise<readonly Secret[]> => {
  if (patterns.length === 0) return []
  const { runInNewContext } = await import('node:vm')
  const found: Secret[] = []
  let current: RegExp | undefined
  const search = (): void => {
    for (const pattern of patterns) {
      current = pattern
      for (const { 0: match, index } of text.matchAll(pattern)) {
        if (match !== '') found.push({ from: index, to: index + match.length, kind: OWN_KIND })
      }
    }
  }
  const timeout = LIMIT_MS + Math.floor(text.length / 2 ** 20) * LIMIT_PER_MIB_MS
  try {
    runInNewContext('search()', { search }, { timeout })
  } catch (error) {
    throw isTimeout(error) ? tooSlow(current, error) : error
  }
  return found
}
