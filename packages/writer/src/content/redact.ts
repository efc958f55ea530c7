import { mayHoldSecrets } from './secret-hints.js'

/** A text without its secrets. */
export type Redacted = {
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
