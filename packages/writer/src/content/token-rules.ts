/** A kind of secret, and the pattern that matches it. */
export type TokenRule = {
  readonly kind: string
  /** What each match contains. A text without it costs no regular expression, whose first use is slow. */
  readonly mark: string
  /** A group holds what is before the match and belongs to the secret. */
  readonly pattern: RegExp
}

// Where a word begins. A letter can end an escape: `\n`, `\u003d`, `%3D`, a colour of a terminal.
const START = String.raw`(?:^|[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|\x1b\[[0-9;]{0,16}m)`

// A placeholder repeats one character.
const REAL = String.raw`(?!(\w)\1{7})`

/** A token with a prefix that no other word contains. */
const token = (prefix: string, body: string): RegExp => new RegExp(prefix + REAL + body, 'g')

/**
 * A token with a prefix that other words can end with. The prefix is matched first, and then what is before it:
 * V8 finds a literal much faster than a place.
 */
const word = (prefix: string, body: string): RegExp =>
  new RegExp(`${prefix}(?<=${START}${prefix})${REAL}${body}`, 'g')

/** A key with its signature inside: matched at the signature, then backwards. */
const signed = (before: string, signature: string, after: string): RegExp =>
  new RegExp(`${signature}(?<=(${before})${signature})${after}`, 'g')

/**
 * The tokens that their issuers document, or register for secret scanning
 * (https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns).
 * A body is at least as long as issued, and ends where its alphabet ends: text around a token cannot hide it.
 *
 * No pattern may take more than linear time: a repetition without a bound is last, or what follows it is not in
 * its alphabet and its start cannot repeat.
 */
export const TOKEN_RULES: readonly TokenRule[] = [
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  {
    kind: 'gitlab-token',
    mark: 'gl',
    pattern: token(
      'gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-',
      String.raw`[\w-]{20,}(?:(?:\.[0-9a-z]{2})?\.[0-9a-z]{9})?`,
    ),
  },
  { kind: 'gitlab-token', mark: 'GR1348941', pattern: token('GR1348941', String.raw`[\w-]{20,}`) },
  // https://docs.stripe.com/keys and https://docs.stripe.com/webhooks/signature
  {
    kind: 'stripe-key',
    mark: 'k_',
    pattern: word('(?:sk|rk)_(?:org_)?(?:live|test)_', '[A-Za-z0-9]{20,}'),
  },
  {
    kind: 'stripe-webhook-secret',
    mark: 'whsec_',
    pattern: token('whsec_', '[A-Za-z0-9+/]{32,}={0,2}'),
  },
  // https://docs.cloud.google.com/docs/authentication/api-keys and https://developers.google.com/identity/protocols/oauth2
  { kind: 'google-api-key', mark: 'AIza', pattern: word('AIza', String.raw`[\w-]{35,}`) },
  {
    kind: 'google-oauth-secret',
    mark: 'GOCSPX-',
    pattern: token('GOCSPX-', String.raw`[\w-]{28,}`),
  },
  {
    kind: 'google-oauth-token',
    mark: 'ya29.',
    pattern: token(String.raw`ya29\.`, String.raw`(?:[a-z]\.)?[\w-]{30,}`),
  },
  { kind: 'google-oauth-token', mark: '1//0', pattern: word('1//0', String.raw`[\w-]{40,}`) },
  // https://huggingface.co/docs/hub/security-tokens
  { kind: 'huggingface-token', mark: 'hf_', pattern: token('hf_', '[A-Za-z0-9]{34,}') },
  { kind: 'huggingface-token', mark: 'api_org_', pattern: token('api_org_', '[A-Za-z0-9]{34,}') },
  // https://github.blog/2021-09-23-announcing-npms-new-access-token-format/
  { kind: 'npm-token', mark: 'npm_', pattern: token('npm_', '[A-Za-z0-9]{36,}') },
  // https://pypi.org/help/#apitoken: a macaroon, whose first bytes are fixed
  { kind: 'pypi-token', mark: 'pypi-AgE', pattern: token('pypi-AgE', String.raw`[\w-]{50,}`) },
  // https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available/
  { kind: 'github-token', mark: 'gh', pattern: token('gh[opsur]_', String.raw`\w{36,}`) },
  { kind: 'github-token', mark: 'github_pat_', pattern: token('github_pat_', String.raw`\w{82,}`) },
  // https://docs.slack.dev/authentication/tokens
  {
    kind: 'slack-token',
    mark: 'xox',
    pattern: token('xox[abceoprs]', String.raw`(?:\.xox[bp])?-\d[\w-]{20,}`),
  },
  { kind: 'slack-token', mark: 'xapp-', pattern: token('xapp-', String.raw`\d-[\w-]{20,}`) },
  { kind: 'slack-token', mark: 'xoxd-', pattern: token('xoxd-', '[A-Za-z0-9%+/=-]{40,}') },
  {
    kind: 'slack-webhook',
    mark: 'hooks.slack.com/',
    pattern: token(
      String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/`,
      String.raw`[\w/]{30,}`,
    ),
  },
  // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
  {
    kind: 'sendgrid-key',
    mark: 'SG.',
    pattern: token(String.raw`SG\.`, String.raw`[\w-]{22}\.[\w-]{43,}`),
  },
  // https://www.twilio.com/docs/iam/api-keys; the token of an account has no prefix, but a label
  { kind: 'twilio-key', mark: 'SK', pattern: word('SK', '[0-9a-f]{32}') },
  {
    kind: 'twilio-key',
    mark: '',
    pattern: /twilio_?(?:account_?)?auth_?token["']?\s{0,8}(?:[:=]|=>)\s{0,8}["']?[0-9a-f]{32}/gi,
  },
  // https://docs.digitalocean.com/reference/api/create-personal-access-token/
  { kind: 'digitalocean-token', mark: '_v1_', pattern: token('do[opr]_v1_', '[0-9a-f]{64}') },
  // https://docs.anthropic.com/en/docs/administration/administration-api and https://platform.openai.com/docs/api-reference/authentication
  {
    kind: 'anthropic-api-key',
    mark: 'sk-ant-',
    pattern: token(String.raw`sk-ant-(?:api|admin|oat|ort|sid)\d\d-`, String.raw`[\w-]{40,}`),
  },
  {
    kind: 'openai-key',
    mark: 'sk-',
    pattern: word('sk-(?:proj|svcacct|admin|None)-', String.raw`[\w-]{40,}`),
  },
  { kind: 'openai-key', mark: 'sk-', pattern: word('sk-', '[A-Za-z0-9]{48,}') },
  // https://openrouter.ai/docs/api-reference/authentication and https://console.groq.com/docs/quickstart
  { kind: 'openrouter-key', mark: 'sk-or-', pattern: token('sk-or-v1-', '[0-9a-f]{64}') },
  { kind: 'groq-key', mark: 'gsk_', pattern: token('gsk_', '[A-Za-z0-9]{52,}') },
  // https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
  { kind: 'azure-key', mark: 'AccountKey=', pattern: /AccountKey=[A-Za-z0-9+/]{86}==/g },
  {
    kind: 'azure-key',
    mark: 'SharedAccess',
    pattern: /SharedAccess(?:Key|Signature)=[A-Za-z0-9+/%]{43,}=?/g,
  },
  // https://learn.microsoft.com/rest/api/storageservices/create-service-sas
  { kind: 'azure-sas', mark: 'sig=', pattern: word('sig=', '[A-Za-z0-9+/%]{40,100}(?:%3[Dd]|=)') },
  // https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret and the definitions beside it
  {
    kind: 'azure-client-secret',
    mark: 'Q~',
    pattern: signed(String.raw`[\w~.-]{3}`, '[78]Q~', String.raw`[\w~.-]{31,34}`),
  },
  {
    kind: 'azure-key',
    mark: '+ASt',
    pattern: signed('[A-Za-z0-9+/]{76}', String.raw`\+ASt`, '[A-Za-z0-9+/]{5}[AQgw]=='),
  },
  {
    kind: 'azure-key',
    mark: 'JQQJ99',
    pattern: signed('[A-Za-z0-9]{52}', 'JQQJ99', '[A-Za-z0-9]{26,}'),
  },
  {
    kind: 'azure-key',
    mark: 'AzFu',
    pattern: signed(String.raw`[\w-]{44}`, 'AzFu', String.raw`[\w-]{5}[AQgw](?:==?)?`),
  },
  {
    kind: 'azure-devops-token',
    mark: 'AZDO',
    pattern: signed('[A-Za-z0-9]{76}', 'AZDO', '[A-Za-z0-9]{4}'),
  },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html; AWS's examples end with EXAMPLE
  {
    kind: 'aws-access-key-id',
    mark: 'IA',
    pattern: word('A(?:KIA|SIA)', '(?![A-Z2-7]{9}EXAMPLE)[A-Z2-7]{16}'),
  },
  // https://docs.docker.com/security/access-tokens/
  { kind: 'docker-token', mark: 'dckr_', pattern: token('dckr_[op]at_', String.raw`[\w-]{27,}`) },
  // https://developer.hashicorp.com/vault/docs/concepts/tokens
  {
    kind: 'vault-token',
    mark: 'hv',
    pattern: token(String.raw`hv[sbr]\.`, String.raw`[\w-]{90,}`),
  },
  // https://grafana.com/docs/grafana/latest/administration/service-accounts/
  { kind: 'grafana-token', mark: 'glsa_', pattern: token('glsa_', '[A-Za-z0-9]{32}_[0-9a-f]{8}') },
  // https://docs.databricks.com/aws/en/dev-tools/auth/pat
  { kind: 'databricks-token', mark: 'dapi', pattern: word('dapi', '[0-9a-f]{32}(?:-[0-9])?') },
  // https://guides.rubygems.org/api-key-scopes/
  { kind: 'rubygems-key', mark: 'rubygems_', pattern: token('rubygems_', '[0-9a-f]{48}') },
]
