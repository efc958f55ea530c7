// The main job, shown in a scratch repository. Everything printed here happens while it is printed.
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { closing, command, heading, note, tick } from './tour/print.mjs'
import { git, kitty, scratchRepository } from './tour/scratch.mjs'

const request = 'Find out why the login test fails on Mondays'

const show = (shell, output) => {
  command(shell)
  note(output)
}

const open = (root) => {
  heading('1', 'An agent is asked for something: the Op is opened before the work begins')
  const flags = ['--profile', 'debugger-debbie', '--action', 'investigate']
  const { invocation_id: id, path } = JSON.parse(kitty(root, ['do', request, ...flags, '--json']))
  command(`spec-kitty do "${request}" --profile debugger-debbie --action investigate`)
  note(`opened ${id}`)
  const status = git(root, ['status', '--short', '-uall'])
  show('git status --short -uall', status)
  tick('the record is untracked: an open Op is never committed', status.includes(`?? ${path}`))
  const report = kitty(root, ['doctor', 'ops'])
  show('spec-kitty doctor ops', report)
  tick('the doctor names it', report.includes(id))
  return { id, path }
}

const close = (root, { id, path }) => {
  heading(
    '2',
    'The work is done: the Op is closed with its real outcome, and committed that moment',
  )
  show(
    `spec-kitty ops complete ${id} --outcome done`,
    kitty(root, ['ops', 'complete', id, '--outcome', 'done']),
  )
  show('git log -1 --stat', git(root, ['log', '-1', '--stat', '--format=%h %s%n%n%b']))
  show(`cat ${path}`, readFileSync(join(root, path), 'utf8'))
}

const untouched = (root, before) => {
  heading('3', 'The user had half a file staged; nobody touched it')
  show('git status --short', git(root, ['status', '--short']))
  tick('the staged half is the same', git(root, ['diff', '--cached']) === before.staged)
  tick('the half that is not staged is the same', git(root, ['diff']) === before.unstaged)
}

const restore = (root, path) => {
  heading('4', 'Whatever happens to the folder, the record comes back to the byte')
  copyFileSync(join(root, path), join(root, '.git', 'before'))
  show(
    'git clean -fdx kitty-ops/ && git checkout kitty-ops/',
    git(root, ['clean', '-fdx', 'kitty-ops/']),
  )
  git(root, ['checkout', 'kitty-ops/'])
  const [before, after] = [join(root, '.git', 'before'), join(root, path)].map((file) =>
    readFileSync(file),
  )
  tick(`${after.length} bytes before, ${after.length} bytes after, all equal`, before.equals(after))
  show('spec-kitty doctor ops', kitty(root, ['doctor', 'ops']))
}

const root = scratchRepository()
heading('', 'spec-kitty: an honest, permanent trace of what agents were asked and how it ended')
note(`A scratch repository, in which somebody has half a file staged:\n${root}`)
const before = { staged: git(root, ['diff', '--cached']), unstaged: git(root, ['diff']) }
const op = open(root)
close(root, op)
untouched(root, before)
restore(root, op.path)
closing(root)
