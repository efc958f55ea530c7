import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import * as z from 'zod/mini'
import type { Secret } from './secret.js'

const KINDS: Readonly<Record<string, string>> = {
  AWSAccessKeyID: 'aws-access-key-id',
  AWSSecretAccessKey: 'aws-secret-access-key',
  ANTHROPIC_API_KEY: 'anthropic-api-key',
  BasicAuth: 'basic-auth',
  GITHUB_TOKEN: 'github-token',
  IncomingWebhook: 'slack-webhook',
  LINEAR_API_TOKEN: 'linear-token',
  MongoDBConnection: 'mongodb-url',
  MySQLConnection: 'mysql-url',
  NPM_ACCESS_TOKEN: 'npm-token',
  Npmrc_authToken: 'npm-token',
  OPENAI_TOKEN: 'openai-key',
  OPS_TOKEN: '1password-token',
  PackageJSON_xOauthToken: 'github-token',
  PostgreSQLConnection: 'postgresql-url',
  PrivateKey: 'private-key',
  PrivateKeyJSON: 'gcp-private-key',
  SENDGRID_KEY: 'sendgrid-key',
  SHOPIFY_KEY: 'shopify-key',
  SLACK_TOKEN: 'slack-token',
}

/** The short name that replaces a secret in a record; derived from the detector's id if that is unknown. */
export const secretKind = (messageId: string): string =>
  KINDS[messageId] ?? messageId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

type Message = { readonly messageId: string; readonly data: Readonly<Record<string, unknown>> }

type Report = { readonly message: Message; readonly range: readonly [number, number] }

type Source = { readonly content: string; readonly filePath: string; readonly ext: string }

/** The part of a secretlint rule that is used here. */
type Rule = {
  readonly meta: { readonly id: string }
  create(context: object, options: object): { file(source: Source): unknown }
}

// This rule lets a comment in a request turn the detector off.
const COMMENT_FILTER = '@secretlint/secretlint-rule-filter-comments'

const isRule = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'meta' in value && 'create' in value

const RULES = z
  .array(z.custom<Rule>(isRule))
  .parse(rules)
  .filter(({ meta }) => meta.id !== COMMENT_FILTER)

// Access key ids are included. Account ids are not secrets, and any twelve digits look like one.
const OPTIONS = { enableIDScanRule: true }
const NO_SECRET = 'AWSAccountID'

// Rules select files by name. With these names, every rule checks the text.
const sourcesOf = (content: string): Source[] => {
  const npmrc = { content, filePath: 'request/.npmrc', ext: '.npmrc' }
  return [
    { content, filePath: 'request/package.json', ext: '.json' },
    ...(content.includes('_authToken=') ? [npmrc] : []),
  ]
}

/**
 * Runs the rules directly: the engine (`@secretlint/core`) records each run in the process-wide performance
 * timeline, which would grow without bound in the program that embeds this package.
 */
const reportsOf = async (content: string): Promise<Report[]> => {
  const reports: Report[] = []
  const context = {
    sharedOptions: {},
    createTranslator: () => (messageId: string, data: object) => ({ messageId, data }),
    report: (report: Report) => reports.push(report),
  }
  for (const source of sourcesOf(content)) {
    for (const rule of RULES) await rule.create(context, OPTIONS).file(source)
  }
  return reports
}

/**
 * Returns where a secret ends. A rule's range has the length of the secret, but may start at its label, so
 * that it stops short. The secret itself is in the message's data, under a name that varies by rule.
 */
const endOf = (text: string, { range: [from, to], message }: Report): number => {
  const ends = Object.values(message.data).map((value) => {
    const isSecret = typeof value === 'string' && value.length === to - from
    return isSecret ? text.indexOf(value, from) + value.length : to
  })
  return Math.max(to, ...ends)
}

// The npm rule matches the rest of the line, which in prose is more than the token.
const tokenEnd = (text: string, from: number): number | undefined => {
  const label = /_authToken=\s*\S+/y
  label.lastIndex = from
  return label.test(text) ? label.lastIndex : undefined
}

const secretOf = (text: string, report: Report): Secret => ({
  from: report.range[0],
  to: tokenEnd(text, report.range[0]) ?? endOf(text, report),
  kind: secretKind(report.message.messageId),
})

/** The secrets in a text; they can overlap. Loading this module is slow. */
export const findSecrets = async (text: string): Promise<Secret[]> => {
  const reports = await reportsOf(text)
  const found = reports.filter(({ message }) => message.messageId !== NO_SECRET)
  return found.map((report) => secretOf(text, report))
}
