// The configuration of a project, and the files of agents in which this software has a part.
import { built } from '../built.mjs'

const { parseConfig, linesOfSettings } = await built('cli', 'project/config-yaml')
const { withHooks, withoutHooks, ownCommands } = await built('cli', 'hooks/settings-text')
const { hasBlock, withBlock, withoutBlock } = await built('cli', 'hooks/instruction-block')
const { AGENTS } = await built('cli', 'agents/registry')
const { SPEC_KITTY } = await built('cli', 'package-info')

const CONFIG = `\
# Mine
ops:
  commit: direct
  ledger: true
  ledger_evidence_limit: 5 MiB
  redact_patterns:
    - "A-[0-9]{4}"
  threshold_hours: 24
protection:
  protected_branches: [main, &x "rel*", *x]
other: {a: !!binary aGk=, b: |
  text
  }
`

export const config = () => ({
  samples: [CONFIG, 'ops: {}\n', '{"ops": {"commit": "none", "sign": "auto"}}'].map((text) =>
    Buffer.from(text),
  ),
  share: 0.1,
  longest: 1 << 16,
  check: (bytes) => {
    const text = bytes.toString()
    linesOfSettings(text)
    const settings = parseConfig(text, '.kittify/config.yaml')
    if (settings.polluted !== undefined) return 'a setting from a prototype'
    if (!['direct', 'safe', 'ledger', 'none'].includes(settings.commit)) return settings.commit
    return undefined
  },
})

const FOREIGN = { matcher: '', hooks: [{ type: 'command', command: 'echo "spec-kitty" hooks' }] }

const wantedBy = ({ events, form }) => ({
  required: form.required ?? {},
  entries: Object.entries(events).map(([event, name]) => {
    const hook = { event, name, command: `spec-kitty hooks ${event} --agent x || exit 0` }
    return [hook, form.entry(hook)]
  }),
})

const JSON_AGENTS = AGENTS.filter(({ form }) => form.kind === 'json')

const FILES = [
  '',
  '{}',
  '{\n}\n',
  JSON.stringify({ model: 'x', hooks: { SessionStart: [FOREIGN], Stop: [] } }, undefined, 2),
  '{\r\n\t"a": [1, 2,], // mine\r\n\t"hooks": {"SessionStart": [], "Other": [{"command": "x"}]}\r\n}',
  JSON.stringify({ hooks: {} }),
]

const LEFT_OUT = /,?"version":1|,?"\w+":\[\]|,?"hooks":\{\}|,/g

/** The text without white space and commas, and without what removing takes along or leaves: what a person wrote. */
const plain = (text) => text.replaceAll(/[\s\uFEFF]/g, '').replaceAll(LEFT_OUT, '')

export const agentSettings = () => ({
  samples: [
    ...FILES,
    ...JSON_AGENTS.map((agent) => withHooks(FILES[3], 'x', wantedBy(agent), SPEC_KITTY)),
  ].map((text) => Buffer.from(text)),
  share: 0.2,
  check: (bytes) => {
    const text = bytes.toString()
    const agent = JSON_AGENTS[bytes.length % JSON_AGENTS.length]
    const wanted = wantedBy(agent)
    const hadOwn = withoutHooks(text, 'x', SPEC_KITTY) !== text
    const added = withHooks(text, 'x', wanted, SPEC_KITTY)
    if (ownCommands(added, 'x', SPEC_KITTY).length !== wanted.entries.length) {
      return `${wanted.entries.length} hooks wanted in ${added}`
    }
    if (withHooks(added, 'x', wanted, SPEC_KITTY) !== added) return 'installing again changes it'
    const removed = withoutHooks(added, 'x', SPEC_KITTY)
    if (ownCommands(removed, 'x', SPEC_KITTY).length > 0) return 'a hook is left'
    if (hadOwn || plain(text) === '') return undefined
    const [before, after] = [plain(text), plain(removed)]
    return before === after
      ? undefined
      : `${JSON.stringify(text)} became ${JSON.stringify(removed)}`
  },
})

const INSTRUCTIONS = 'Do this:\n\n- `spec-kitty do`\n'

export const blocks = () => ({
  samples: [
    '# Mine\n\nText without an end',
    withBlock('# Mine\r\n\r\ntext\r\n', 'claude', INSTRUCTIONS),
    `${withBlock(withBlock('# Mine\n', 'codex', INSTRUCTIONS), 'claude', 'Old\n')}\nMore of mine\n`,
    '<!-- spec-kitty:begin claude -->\n',
    '<!-- spec-kitty:end -->\n',
  ].map((text) => Buffer.from(text)),
  check: (bytes) => {
    const text = bytes.toString()
    const added = withBlock(text, 'gemini', INSTRUCTIONS)
    if (!hasBlock(added, 'gemini')) return 'the block is missing'
    if (withBlock(added, 'gemini', INSTRUCTIONS) !== added) return 'adding it again changes it'
    const removed = withoutBlock(added, 'gemini', INSTRUCTIONS)
    if (hasBlock(removed, 'gemini') && !hasBlock(text, 'gemini')) return 'the block is left'
    if (/spec-kitty:(?:begin|end)/.test(text)) return undefined
    const end = text === '' || text.endsWith('\n') ? '' : /\r\n/.test(text) ? '\r\n' : '\n'
    return removed === text + end
      ? undefined
      : `${JSON.stringify(text)}: ${JSON.stringify(removed)}`
  },
})
