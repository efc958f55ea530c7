import { jsonWebTokens } from './json-web-tokens.js'
import { findByPatterns } from './redact-patterns.js'
import { inOrder, type Secret } from './secret.js'
import { TOKEN_RULES } from './token-rules.js'

/**
 * A text in which the detector can find a secret matches at least one of these: each is wider than a rule
 * of the detector. The detector need not be loaded for any other text.
 * Repetitions are bounded, so matching stays linear on any text.
 */
const HINTS = [
  /^\s*\{/, // a service account's key file is one JSON object
  /A(?:3T[A-Z0-9]|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA)[A-Z0-9]{16}/,
  /secret_?access_?key/,
  /-----BEGIN/,
  /x-oauth-basic@|_authToken=|npm_\w{36}/,
  /:\/\/[^/\s:]{1,256}:[^@/\s]{1,256}@/, // a password in any URL, including database URLs
  /(?:xox[abopr]|xapp)-\w|hooks\.slack\.com\/services/,
  /SG\.\w{1,128}\.\w/,
  /shp(?:pa|ca|at|ss)_\w{32}/,
  /gh[oprsu]_\w{36}|github_pat_\w{82}/,
  /T3BlbkFJ|sk-ant-api0|lin_api_\w{32}|ops_ey/,
]

const ANY = new RegExp(HINTS.map(({ source }) => source).join('|'), 'i')

/** Returns false if the detector cannot find a secret in the text. Cheap; never wrongly false. */
export const mayHoldSecrets = (text: string): boolean => ANY.test(text)

const byDetector = async (text: string): Promise<readonly Secret[]> => {
  if (!mayHoldSecrets(text)) return []
  const { findSecrets } = await import('./secret-detector.js')
  return findSecrets(text)
}

const byTokenRules = (text: string): readonly Secret[] =>
  TOKEN_RULES.filter(({ mark }) => text.includes(mark)).flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ 0: match, 1: before = '', index }) => {
      return { from: index - before.length, to: index + match.length, kind }
    }),
  )

const byTheirForm = (text: string): readonly Secret[] =>
  [...jsonWebTokens(text)].map(([from, to]) => ({ from, to, kind: 'json-web-token' }))

/** Finds the secrets in a text, by every rule and by the patterns of the project; in order, without overlaps. */
const secretsIn = async (text: string, patterns: readonly RegExp[]): Promise<readonly Secret[]> =>
  inOrder([
    ...byTokenRules(text),
    ...byTheirForm(text),
    ...(await findByPatterns(text, patterns)),
    ...(await byDetector(text)),
  ])

/** A text without its secrets. */
type Redacted = {
  readonly text: string
  /** How many secrets were replaced. */
  readonly found: number
}

/**
 * Replaces each secret in a text with `[REDACTED:<kind>]`. `patterns` are searched for too. Cheap for a text that
 * cannot contain a secret. Throws `REDACT_PATTERN_SLOW`.
 */
export const redactSecrets = async (
  text: string,
  patterns: readonly RegExp[] = [],
): Promise<Redacted> => {
  const secrets = await secretsIn(text, patterns)
  let rest = 0
  const parts = secrets.map(({ from, to, kind }) => {
    const before = text.slice(rest, from)
    rest = to
    return `${before}[REDACTED:${kind}]`
  })
  return { text: parts.join('') + text.slice(rest), found: secrets.length }
}

/** The kind of a secret, such as `github-token`, and its line, from 1. */
export type SecretPlace = { readonly kind: string; readonly line: number }

/** Finds where the secrets of a text are, in order; never returns the secrets themselves. As `redactSecrets`. */
export const secretPlacesIn = async (
  text: string,
  patterns: readonly RegExp[] = [],
): Promise<readonly SecretPlace[]> => {
  const secrets = await secretsIn(text, patterns)
  let line = 1
  let rest = 0
  return secrets.map(({ from, kind }) => {
    line += text.slice(rest, from).split('\n').length - 1
    rest = from
    return { kind, line }
  })
}

/** The kinds of secrets in a text, such as `github-token`, each once; never the secrets themselves. */
export const secretKindsIn = async (
  text: string,
  patterns: readonly RegExp[] = [],
): Promise<readonly string[]> => [
  ...new Set((await secretsIn(text, patterns)).map(({ kind }) => kind)),
]
