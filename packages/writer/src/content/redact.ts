/**
 * What a text has at least one of when the detector could find anything in it: one alternative for
 * each of its rules, wider than the rule. It spares all other texts the loading of the detector.
 * Bounded repetitions only, so that it stays linear on any text.
 */
const HINTS = [
  /^\s*\{/, // a service account's key file is one JSON object
  /A(?:3T[A-Z0-9]|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA)[A-Z0-9]{16}/,
  /secret_?access_?key/,
  /-----BEGIN/,
  /x-oauth-basic@|_authToken=|npm_\w{36}/,
  /:\/\/[^/\s:]{1,256}:[^@/\s]{1,256}@/, // a password in any URL, a database's too
  /(?:xox[abopr]|xapp)-\w|hooks\.slack\.com\/services/,
  /SG\.\w{1,128}\.\w/,
  /shp(?:pa|ca|at|ss)_\w{32}/,
  /gh[oprsu]_\w{36}|github_pat_\w{82}/,
  /T3BlbkFJ|sk-ant-api0|lin_api_\w{32}|ops_ey/,
]

const ANY = new RegExp(HINTS.map(({ source }) => source).join('|'), 'i')

/** False for a text in which the detector cannot find a secret; cheap, and never wrongly false. */
export const mayHoldSecrets = (text: string): boolean => ANY.test(text)

/** A text without its secrets. */
type Redacted = {
  readonly text: string
  /** How many secrets were replaced. */
  readonly found: number
}

const secretsIn = async (text: string) => {
  if (!mayHoldSecrets(text)) return []
  const { findSecrets } = await import('./secret-detector.js')
  return findSecrets(text)
}

/** Replaces each secret in a text by `[REDACTED:<kind>]`. A text that cannot hold one costs next to nothing. */
export const redactSecrets = async (text: string): Promise<Redacted> => {
  const secrets = await secretsIn(text)
  let rest = 0
  const parts = secrets.map(({ from, to, kind }) => {
    const before = text.slice(rest, from)
    rest = to
    return `${before}[REDACTED:${kind}]`
  })
  return { text: parts.join('') + text.slice(rest), found: secrets.length }
}

/** What kinds of secrets are in a text, such as `github-token`, each once. Never what they are. */
export const secretKindsIn = async (text: string): Promise<readonly string[]> => [
  ...new Set((await secretsIn(text)).map(({ kind }) => kind)),
]

/** Whether there is a secret in a text. */
export const hasSecrets = async (text: string): Promise<boolean> =>
  (await secretsIn(text)).length > 0
