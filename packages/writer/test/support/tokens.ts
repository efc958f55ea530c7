// Each is assembled here, so that a scanner of this repository does not take it for a real secret.
const join = (...parts: string[]): string => parts.join('')

const repeated =
  (alphabet: string) =>
  (count: number): string =>
    alphabet.repeat(Math.ceil(count / alphabet.length)).slice(0, count)

const letters = repeated('aB3dE6gH1jK4mN7pQ0')
const hex = repeated('0a1b2c3d4e5f6')
const capitals = repeated('QZ3DRSTUVWXYZ234')

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A signed token. */
export const SIGNED_TOKEN = [
  encoded({ alg: 'HS256', typ: 'JWT' }),
  encoded({ sub: '1234567890', name: 'Ursula', iat: 1516239022 }),
  letters(43),
].join('.')

/** An encrypted token: 5 parts, and its second one can be empty. */
export const ENCRYPTED_TOKEN = [
  encoded({ alg: 'dir', enc: 'A128GCM' }),
  '',
  letters(16),
  letters(60),
  letters(22),
].join('.')

/** Tokens as they are issued, though never issued: their kind here, and the token. */
export const TOKENS: readonly (readonly [kind: string, token: string])[] = [
  ...[
    'pat',
    'oas',
    'dt',
    'rt',
    'rtr',
    'cbt',
    'ptt',
    'ft',
    'imt',
    'agent',
    'wt',
    'soat',
    'ffct',
  ].map((name) => ['gitlab-token', join('gl', name, '-', letters(20))] as const),
  ['gitlab-token', join('gl', 'pat-', letters(27), '.', '01', '.', '0a1b2c3d4')],
  ['gitlab-token', join('gl', 'rt-t1_', letters(20))],
  ['gitlab-token', join('gl', 'cbt-1a_', letters(20))],
  ['gitlab-token', join('GR', '1348941', letters(20))],
  ['stripe-key', join('sk', '_live_', letters(24))],
  ['stripe-key', join('rk', '_live_', letters(99))],
  ['stripe-key', join('sk', '_test_', letters(24))],
  ['stripe-webhook-secret', join('wh', 'sec_', letters(32))],
  ['google-api-key', join('AI', 'za', 'Sy', letters(33))],
  ['google-oauth-secret', join('GOC', 'SPX-', letters(28))],
  ['google-oauth-token', join('ya', '29.', 'a0Af', letters(150))],
  ['google-oauth-token', join('ya', '29.', 'c.b0Aa', letters(150))],
  ['google-oauth-token', join('1/', '/0', letters(60))],
  ['huggingface-token', join('h', 'f_', letters(34))],
  ['huggingface-token', join('api', '_org_', letters(34))],
  ['npm-token', join('np', 'm_', letters(36))],
  ['pypi-token', join('py', 'pi-', 'AgEIcHlwaS5vcmc', letters(150))],
  ['github-token', join('gh', 'o_', letters(36))],
  ['github-token', join('github', '_pat_', letters(22), '_', letters(59))],
  ['slack-token', join('xo', 'xb-1234567890-', letters(24))],
  ['slack-token', join('xo', 'xe.xo', 'xp-1-', letters(60))],
  ['slack-token', join('xo', 'xd-', letters(60), '%2B')],
  ['slack-token', join('xa', 'pp-1-A0B1C2-1234567890-', letters(24))],
  ['slack-webhook', join('hooks.slack', '.com/triggers/T0AB1CD2E/1234567890/', letters(32))],
  ['sendgrid-key', join('S', 'G.', 'a-B3dE6gH1jK4mN7pQ0a_b', '.', letters(43))],
  ['twilio-key', join('S', 'K', hex(32))],
  ['twilio-key', join('TWILIO', '_AUTH_TOKEN=', hex(32))],
  ['digitalocean-token', join('do', 'p_v1_', hex(64))],
  ['digitalocean-token', join('do', 'o_v1_', hex(64))],
  ['anthropic-api-key', join('sk', '-ant-api03-', letters(93), 'AA')],
  ['anthropic-api-key', join('sk', '-ant-oat01-', letters(93), 'AA')],
  ['openai-key', join('sk', '-proj-', letters(74), 'T3Blbk', 'FJ', letters(74))],
  ['openai-key', join('sk', '-svcacct-', letters(120))],
  ['openai-key', join('sk', '-', letters(48))],
  ['openrouter-key', join('sk', '-or-v1-', hex(64))],
  ['groq-key', join('gs', 'k_', letters(52))],
  ['azure-key', join('Account', 'Key=', letters(86), '==')],
  ['azure-key', join('SharedAccess', 'Key=', letters(43), '=')],
  ['azure-key', join(letters(76), '+A', 'St', letters(5), 'A==')],
  ['azure-key', join(letters(52), 'JQQ', 'J99', letters(26))],
  ['azure-key', join(letters(44), 'Az', 'Fu', letters(5), 'A==')],
  ['azure-sas', join('si', 'g=', letters(43), '%3D')],
  ['azure-client-secret', join('abC', '8', 'Q~', letters(34))],
  ['azure-devops-token', join(letters(76), 'AZ', 'DO', letters(4))],
  ['aws-access-key-id', join('AK', 'IA', capitals(16))],
  ['docker-token', join('dc', 'kr_pat_', letters(27))],
  ['vault-token', join('hv', 's.', letters(95))],
  ['grafana-token', join('gl', 'sa_', letters(32), '_', hex(8))],
  ['databricks-token', join('da', 'pi', hex(32), '-2')],
  ['rubygems-key', join('ruby', 'gems_', hex(48))],
  ['json-web-token', SIGNED_TOKEN],
  ['json-web-token', ENCRYPTED_TOKEN],
]
