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
