// Which folder imports which: within its package, a folder of `src` imports only itself and what its row names. `.`
// means the top-level files except entry points, which import everything. A name with a dot in it is one of these
// files.
export const LAYERS = {
  record: {
    formats: ['parse', 'events', 'base'],
    parse: ['events', 'base'],
    events: ['base'],
    base: [],
  },
  writer: {
    testing: ['ports', 'project'],
    ops: ['commit', 'state', 'records', 'content', 'ports', 'project', 'lock', 'fs'],
    commit: ['state', 'records', 'content', 'ports', 'project', 'lock', 'fs'],
    state: ['records', 'ports', 'project', 'lock', 'fs'],
    records: ['project', 'fs'],
    content: ['project', 'fs'],
    ports: ['fs'],
    project: ['fs'],
    lock: ['fs'],
    fs: [],
  },
  'git-commit': {
    '.': ['ledger', 'transaction', 'plan', 'inspect', 'work', 'repository', 'git'],
    sync: ['inspect', 'ledger', 'repository', 'objects', 'git'],
    blame: ['work', 'inspect', 'ledger', 'git'],
    work: ['inspect', 'repository', 'objects', 'git'],
    inspect: ['ledger', 'guard', 'repository', 'objects', 'git'],
    ledger: ['refs', 'repository', 'objects', 'git'],
    guard: ['project-config', 'repository', 'git'],
    transaction: ['plan', 'refs', 'repository', 'git-index', 'objects', 'git'],
    plan: ['repository', 'objects', 'git'],
    refs: ['repository', 'objects', 'git'],
    repository: ['objects', 'git'],
    'git-index': ['objects'],
    objects: ['git'],
    'project-config': [],
    git: [],
  },
  doctor: {
    run: ['checks', 'fixes', 'restore', 'verify', 'facts', 'check'],
    checks: ['fixes', 'restore', 'facts', 'check'],
    fixes: ['restore', 'check'],
    restore: ['facts', 'check'],
    verify: ['check'],
    facts: ['check'],
    check: [],
  },
  cli: {
    app: [
      'commands',
      'upstream',
      'hooks',
      'agents',
      'command',
      'json',
      'terminal',
      'package-info.ts',
    ],
    commands: [
      'upstream',
      'uninstall',
      'hooks',
      'agents',
      'page',
      'markdown',
      'op',
      'why',
      'find',
      'list',
      'project',
      'command',
      'json',
      'terminal',
      'package-info.ts',
    ],
    uninstall: ['hooks', 'agents', 'command', 'package-info.ts'],
    upstream: ['hooks', 'op', 'command', 'json', 'terminal', 'package-info.ts'],
    hooks: ['agents', 'list', 'project', 'command', 'json', 'terminal'],
    agents: [],
    page: ['command', 'terminal', 'package-info.ts'],
    markdown: ['page', 'command', 'terminal'],
    op: ['find', 'project', 'command', 'json', 'terminal'],
    why: ['find', 'project', 'command', 'json', 'terminal'],
    find: ['project', 'command', 'json', 'terminal'],
    list: ['command', 'json', 'terminal'],
    project: ['command', 'json'],
    command: ['json', 'terminal', 'package-info.ts'],
    json: [],
    terminal: [],
    '.': [],
  },
}

const ENTRY_POINT = '(index|internals|inspect|schemas)\\.ts$'
const entryPoint = new RegExp(`^${ENTRY_POINT}`)

/** Returns the row of a file: its folder, or `.` for a top-level file. Returns `undefined` for an entry point. */
export const folderOf = (below) => {
  if (entryPoint.test(below)) return undefined
  return below.includes('/') ? below.slice(0, below.indexOf('/')) : '.'
}

const pattern = (src, row) =>
  row === '.'
    ? `${src}[^/]+$`
    : `${src}${row.replaceAll('.', '\\.')}${row.includes('.') ? '$' : '/'}`

const folderRule = (name, folder, allowed) => {
  const src = `^packages/${name}/src/`
  const what = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no other folder'
  return {
    name: `${name}: ${folder} must import ${what}`,
    severity: 'error',
    from: { path: pattern(src, folder), pathNot: `${src}${ENTRY_POINT}` },
    to: { path: src, pathNot: [folder, ...allowed].map((row) => pattern(src, row)).join('|') },
  }
}

/** The rules for dependency-cruiser. */
export const RULES = {
  forbidden: [
    { name: 'no cycle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(LAYERS).flatMap(([name, rows]) =>
      Object.entries(rows).map(([folder, allowed]) => folderRule(name, folder, allowed)),
    ),
  ],
}
