import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import * as z from 'zod/mini'

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

/** The short name that stands in a record where a secret was; the detector's own for one unknown here. */
export const secretKind = (messageId: string): string =>
  KINDS[messageId] ?? messageId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

/** Where a secret stands in a text, in UTF-16 units, and of what kind it is. */
type Secret = { readonly from: number; readonly to: number; readonly kind: string }

type Message = { readonly messageId: string; readonly data: Readonly<Record<string, unknown>> }

type Report = { readonly message: Message; readonly range: readonly [number, number] }

type Source = { readonly content: string; readonly filePath: string; readonly ext: string }

/** The part of a secretlint rule that is used here. */
type Rule = {
  readonly meta: { readonly id: string }
  create(context: object, options: object): { file(source: Source): unknown }
}

// A comment in a request must not be able to switch the detector off.
const SWITCH_OFF = '@secretlint/secretlint-rule-filter-comments'

const isRule = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'meta' in value && 'create' in value

const RULES = z
  .array(z.custom<Rule>(isRule))
  .parse(rules)
  .filter(({ meta }) => meta.id !== SWITCH_OFF)

// The ids of access keys too; the ids of accounts are no secret, and any twelve digits look like one.
const OPTIONS = { enableIDScanRule: true }
const NO_SECRET = 'AWSAccountID'

// Rules look at the name of a file. With these, each of them looks at the text.
const sourcesOf = (content: string): Source[] => {
  const npmrc = { content, filePath: 'request/.npmrc', ext: '.npmrc' }
  return [
    { content, filePath: 'request/package.json', ext: '.json' },
    ...(content.includes('_authToken=') ? [npmrc] : []),
  ]
}

/**
 * Runs the rules themselves: the engine around them (`@secretlint/core`) records each run in the
 * process-wide performance timeline, which nothing ever empties, in whatever program we are part of.
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
 * A rule's range is as long as the secret, but may begin before it, at its label, and then it misses
 * the end. The secret itself is in the message's data, under a name that differs from rule to rule.
 */
const endOf = (text: string, { range: [from, to], message }: Report): number => {
  const ends = Object.values(message.data).map((value) => {
    const isSecret = typeof value === 'string' && value.length === to - from
    return isSecret ? text.indexOf(value, from) + value.length : to
  })
  return Math.max(to, ...ends)
}

// This rule takes the rest of the line, which in a text of words is more than the token.
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

const merged = (secrets: readonly Secret[]): Secret[] => {
  const apart: Secret[] = []
  for (const secret of secrets.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = apart.at(-1)
    if (last === undefined || secret.from >= last.to) apart.push(secret)
    else apart.splice(-1, 1, { ...last, to: Math.max(last.to, secret.to) })
  }
  return apart
}

/** The secrets in a text, in order and apart from each other. Loading this module takes some time. */
export const findSecrets = async (text: string): Promise<Secret[]> => {
  const reports = await reportsOf(text)
  const found = reports.filter(({ message }) => message.messageId !== NO_SECRET)
  return merged(found.map((report) => secretOf(text, report)))
}
