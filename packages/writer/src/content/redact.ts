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

/** Replaces each secret in a text with `[REDACTED:<kind>]`. Cheap for a text that cannot contain one. */
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

/** The kinds of secrets in a text, such as `github-token`, each once; never the secrets themselves. */
export const secretKindsIn = async (text: string): Promise<readonly string[]> => [
  ...new Set((await secretsIn(text)).map(({ kind }) => kind)),
]

/** Whether there is a secret in a text. */
export const hasSecrets = async (text: string): Promise<boolean> =>
  (await secretsIn(text)).length > 0
