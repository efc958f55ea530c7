// The second step of the action: the gate, the step summary, and one comment on the pull request.
//
//   1  what the workflow runs for: the base of the pull request, or what was pushed      event.mjs
//   2  `ops verify` and `ops report --format markdown`, since then                       program.mjs
//   3  both into the step summary
//   4  and into a comment, where the token may write one                                 comment.mjs
//   5  fails if there is a violation, or if nothing could be checked
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { putComment } from './comment.mjs'
import { readEvent } from './event.mjs'
import { annotate, print } from './log.mjs'
import { kittyJson } from './program.mjs'

const { env } = process
const cwd = resolve(env.GITHUB_WORKSPACE || '.', env.KITTY_DIRECTORY || '.')
const isOn = (value) => value !== 'false'

const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`

/** Nothing in these lines comes from a record. */
const gateText = ({ ok, checked, violations }) =>
  ok
    ? `✅ **No violations**: ${counted(checked.records, 'record')} and ${counted(checked.commits, 'commit')} checked.`
    : `❌ **${counted(violations.length, 'violation')}**: see the log of the workflow.`

/** What is wrong, with which Op or file, and the commands that fix it. */
const findingText = ({ invocation_id, path, message, commands }) => {
  const about = invocation_id ?? path
  return [about === undefined ? message : `${about}: ${message}`, ...commands].join('\n')
}

/** Checks the records. Returns `undefined` if that is off. */
const check = async (since) => {
  if (!isOn(env.KITTY_VERIFY)) return undefined
  const { json } = await kittyJson(env, cwd, ['ops', 'verify', ...since])
  if (json.error) {
    const { message, hint } = json.error
    annotate('error', `The records could not be checked: ${message} ${hint}`)
    return {
      ok: false,
      text: '❌ **The records could not be checked**: see the log of the workflow.',
    }
  }
  for (const violation of json.violations) annotate('error', findingText(violation))
  if (json.notes.length > 0)
    print(json.notes.map((note) => `note: ${findingText(note)}`).join('\n'))
  return { ok: json.ok, text: gateText(json) }
}

/** Writes the report. What keeps it from being written does not fail the step: the gate decides. */
const report = async (since) => {
  const { json } = await kittyJson(env, cwd, ['ops', 'report', '--format', 'markdown', ...since])
  if (!json.error) return { ops: json.ops, text: json.markdown }
  annotate('warning', `There is no report: ${json.error.message} ${json.error.hint}`)
  return { ops: 0, text: 'There is no report: see the log of the workflow.' }
}

const append = (path, text) => {
  if (path) appendFileSync(path, text)
}

const comment = async (event, text) => {
  if (event.number === undefined || !isOn(env.KITTY_COMMENT)) return ''
  const { url, why } = await putComment(env, event, text)
  if (why !== undefined) annotate('notice', why)
  return url ?? ''
}

const event = readEvent(env)
const revision = env.KITTY_SINCE || event.base
// A revision is never taken for a flag.
const since = revision === undefined ? [] : [`--since=${revision}`]
const [gate, reported] = [await check(since), await report(since)]
const text = [gate?.text, reported.text].filter(Boolean).join('\n\n')
append(env.GITHUB_STEP_SUMMARY, `${text}\n`)
const url = await comment(event, text)
// An address of GitHub; a line feed in it would be another output.
const outputs = {
  ok: gate?.ok ?? true,
  ops: reported.ops,
  'comment-url': url.split(/[\r\n]/, 1)[0],
}
append(
  env.GITHUB_OUTPUT,
  Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
)
if (gate?.ok === false) process.exitCode = 1
