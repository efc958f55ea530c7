// One comment on the pull request, which is replaced in the next run.

/** The first line of the comment, by which the next run finds it. */
export const MARKER = '<!-- spec-kitty Ops: this comment is replaced -->'

const PER_PAGE = 100
const MOST_PAGES = 30
const TIMEOUT_MS = 30_000

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/

/** An answer of GitHub that is no success. */
class Refused extends Error {
  constructor(status, method) {
    super(`GitHub answered ${status} to ${method}`)
    this.status = status
  }
}

const caller =
  ({ GITHUB_API_URL = 'https://api.github.com', GITHUB_TOKEN }) =>
  async (method, path, body) => {
    const answer = await fetch(`${GITHUB_API_URL}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${GITHUB_TOKEN}`,
        'content-type': 'application/json',
        'user-agent': 'spec-kitty-ops',
        'x-github-api-version': '2022-11-28',
      },
      // The token goes nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Refused(answer.status, method)
    return answer.json()
  }

/** A person can write the marker, too: only a comment of an app is replaced. */
const isOwn = ({ body, user }) => user?.type === 'Bot' && String(body).startsWith(MARKER)

const findOwn = async (call, comments) => {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await call('GET', `${comments}?per_page=${PER_PAGE}&page=${page}`)
    const own = found.find(isOwn)
    if (own !== undefined || found.length < PER_PAGE) return own
  }
  return undefined
}

const whyNot = (error, isFork) => {
  const isDenied = error instanceof Refused && [401, 403, 404].includes(error.status)
  if (!isDenied)
    return `The comment could not be written: ${error.message}. The report is in the step summary.`
  return isFork
    ? 'The pull request comes from a fork, whose token cannot comment. The report is in the step summary.'
    : 'The token cannot comment: give the job the permission pull-requests: write. The report is in the step summary.'
}

/**
 * Writes the comment, or replaces the one of an earlier run. Returns its address, or why there is none; never throws, so
 * that a comment decides over nothing.
 */
export const putComment = async (env, { number, isFork }, text) => {
  const { GITHUB_REPOSITORY: repository = '', GITHUB_TOKEN: token } = env
  if (!token)
    return { why: 'There is no token to comment with. The report is in the step summary.' }
  if (!REPOSITORY.test(repository)) return { why: 'GITHUB_REPOSITORY names no repository.' }
  const call = caller(env)
  const issues = `/repos/${repository}/issues`
  const body = { body: `${MARKER}\n${text}` }
  try {
    const own = await findOwn(call, `${issues}/${number}/comments`)
    const written = own
      ? await call('PATCH', `${issues}/comments/${Number(own.id)}`, body)
      : await call('POST', `${issues}/${number}/comments`, body)
    return { url: String(written.html_url ?? '') }
  } catch (error) {
    return { why: whyNot(error, isFork) }
  }
}
