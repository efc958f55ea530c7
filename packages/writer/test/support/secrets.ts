const letters = (count: number): string => 'aB3dE6gH1jK4mN7pQ0'.repeat(count).slice(0, count)

// Each is assembled here, so that a scanner of this repository does not take it for a real secret.
const join = (...parts: string[]): string => parts.join('')

const pem = (kind: string): string =>
  join('-----BEGIN ', kind, '-----\n', 'MI', letters(198), '\n-----END ', kind, '-----')

const openSsh = join(
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE',
  letters(200),
  '\n-----END OPENSSH PRIVATE KEY-----',
)

const account = (privateKey: string): string =>
  JSON.stringify({ type: 'service_account', private_key_id: '7', private_key: privateKey })

const onePassword = join(
  'ops_',
  Buffer.from(JSON.stringify({ email: 'ab@b.example', secretKey: letters(91) })).toString('base64'),
)

/** For each rule of the detector: its kind here, a text around a secret, and the secret in it. */
export const SECRETS: readonly (readonly [kind: string, text: string, secret: string])[] = (
  [
    ['aws-access-key-id', join('AK', 'IAZQ3DRSTUVWXYZ234')],
    ['aws-access-key-id', join('AS', 'IAZQ3DRSTUVWXYZ234')],
    ['aws-access-key-id', join('A3', 'TXIAZQ3DRSTUVWXYZ2')],
    ['aws-secret-access-key', letters(40), 'AWS_SECRET_ACCESS_KEY='],
    ['aws-secret-access-key', letters(40), '"SecretAccessKey" : "'],
    ['aws-secret-access-key', letters(40), `secret_access_key =>${' '.repeat(60)}'`],
    ['gcp-private-key', account('-----BEGIN PRIVATE KEY-----x')],
    [
      'gcp-private-key',
      account('-----BEGIN PRIVATE KEY-----x').replace('private_key_id', '\\u0070rivate_key_id'),
    ],
    ['private-key', pem('RSA PRIVATE KEY')],
    ['private-key', pem('PRIVATE KEY')],
    ['private-key', pem('EC PRIVATE KEY').replaceAll('\n', '\\n')],
    ['private-key', openSsh],
    [
      'github-token',
      join('v1.', letters(40)),
      'https://',
      ':x-oauth-basic@github.com/owner/repository',
    ],
    ['npm-token', letters(36), '//registry.npmjs.org/:_authToken='],
    ['npm-token', join('npm', '_', letters(36))],
    ['basic-auth', join('https://ursula:', 'hunter2x', '@example.org')],
    ['basic-auth', join('ftp://ursula:', 'hunter2x', '@ftp.example.org')],
    ['slack-token', join('xo', 'xb-1234567890-', letters(24))],
    ['slack-token', join('xa', 'pp-1-A0B1C2-1234567890-', letters(24))],
    [
      'slack-webhook',
      join('https://hooks.slack.com/', 'services/T0AB1CD2E/B0AB1CD2E/', letters(24)),
    ],
    ['sendgrid-key', join('S', 'G.', letters(22), '.', letters(43))],
    ['shopify-key', join('shp', 'at_', letters(32))],
    ['shopify-key', join('shp', 'ss_', letters(64))],
    ['github-token', join('gh', 'p_', letters(36))],
    ['github-token', join('gh', 's_', letters(36))],
    ['github-token', join('github', '_pat_', letters(82))],
    ['openai-key', join('sk', '-', letters(20), 'T3Blbk', 'FJ', letters(20))],
    ['openai-key', join('sk', '-proj-', letters(74), 'T3Blbk', 'FJ', letters(74))],
    ['anthropic-api-key', join('sk', '-ant-api03-', letters(93), 'AA')],
    ['linear-token', join('lin', '_api_', letters(40))],
    ['1password-token', onePassword],
    ['mongodb-url', join('mongodb+srv://ursula:', 'hunter2x', '@db.example.net/app')],
    ['mysql-url', join('jdbc:mysql://ursula:', 'hunter2x', '@db.example.net:3306/app')],
    ['postgresql-url', join('postgres://ursula:', 'hunter2x', '@db.example.net/app')],
    ['postgresql-url', join('PostgreSQL://a@b:', 'hunter2x', '@db.example.net/app')],
  ] as const
).map(([kind, secret, before = '', after = '']) => [kind, before + secret + after, secret])
