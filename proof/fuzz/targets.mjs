// The table of targets: each parser of what others wrote, by name.
const from = (file, name) => async () => (await import(`./targets/${file}.mjs`))[name]()

/** By name, functions that return a target: samples that the real writer made, and a check that returns what is wrong. */
export const TARGETS = {
  records: from('records', 'records'),
  closures: from('records', 'closures'),
  index: from('records', 'index'),
  lifecycle: from('records', 'lifecycle'),
  'commit-messages': from('records', 'commitMessages'),
  intents: from('state', 'intents'),
  owners: from('state', 'owners'),
  'start-notes': from('state', 'startNotes'),
  'exclude-lines': from('state', 'excludeLines'),
  'state-files': from('state', 'stateFiles'),
  'git-files': from('git-files', 'gitFiles'),
  'git-config': from('git-files', 'gitConfig'),
  'git-index': from('git-index', 'gitIndex'),
  'cat-file': from('git-output', 'catFile'),
  trees: from('git-output', 'trees'),
  'loose-objects': from('git-output', 'looseObjects'),
  blame: from('git-output', 'blame'),
  history: from('git-output', 'histories'),
  failures: from('git-output', 'failures'),
  ledgers: from('ledgers', 'ledgers'),
  ...(process.platform !== 'win32' && { 'git-output': from('ledgers', 'gitOutput') }),
  config: from('settings', 'config'),
  'agent-settings': from('settings', 'agentSettings'),
  instructions: from('settings', 'blocks'),
  commands: from('commands', 'commands'),
  'hook-input': from('hooks', 'hookInput'),
  hooks: from('hooks', 'hooks'),
  'hook-programs': from('hooks', 'hookPrograms'),
}

export const targetNamed = (name) => TARGETS[name]()
