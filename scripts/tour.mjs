// The tour: shows the main use in a scratch repository. It prints the real output of each step.
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { closing, command, heading, note, tick } from './tour/print.mjs'
import { git, kitty, scratchRepository } from './tour/scratch.mjs'

const request = 'Find out why the login test fails on Mondays'

const show = (shell, output) => {
  command(shell)
  note(output)
}

const open = (root) => {
  heading('1', 'Open an Op before the agent begins its work')
  const flags = ['--profile', 'debugger-debbie', '--action', 'investigate']
  const { invocation_id: id, path } = JSON.parse(kitty(root, ['do', request, ...flags, '--json']))
  command(`spec-kitty do "${request}" --profile debugger-debbie --action investigate`)
  note(`Opened  ${id}`)
  const status = git(root, ['status', '--short', '-uall'])
  show('git status --short -uall', status)
  const isHidden = existsSync(join(root, path)) && !status.includes(path)
  tick('The record is there, and git does not see it: an open Op is never committed', isHidden)
  const report = kitty(root, ['doctor', 'ops'])
  show('spec-kitty doctor ops', report)
  tick('The Op is open, and the doctor lists it', report.includes(id))
  return { id, path }
}

const close = (root, { id, path }) => {
  heading('2', 'Close the Op with its real outcome: its record is committed at once')
  show(
    `spec-kitty ops complete ${id} --outcome done`,
    kitty(root, ['ops', 'complete', id, '--outcome', 'done']),
  )
  show('git log -1 --stat', git(root, ['log', '-1', '--stat', '--format=%h %s%n%n%b']))
  show(`cat ${path}`, readFileSync(join(root, path), 'utf8'))
}

const untouched = (root, before) => {
  heading('3', 'Your own work is not touched: the file is still half staged')
  show('git status --short', git(root, ['status', '--short']))
  tick(
    'After the commit, the staged changes are the same',
    git(root, ['diff', '--cached']) === before.staged,
  )
  tick(
    'After the commit, the unstaged changes are the same',
    git(root, ['diff']) === before.unstaged,
  )
}

const restore = (root, path) => {
  heading('4', 'Delete the record, and restore it from git')
  copyFileSync(join(root, path), join(root, '.git', 'before'))
  command('rm -r kitty-ops/')
  rmSync(join(root, 'kitty-ops'), { recursive: true })
  show('git checkout kitty-ops/', git(root, ['checkout', 'kitty-ops/']))
  const [before, after] = [join(root, '.git', 'before'), join(root, path)].map((file) =>
    readFileSync(file),
  )
  tick(`The restored record is the same: all ${after.length} bytes are equal`, before.equals(after))
  show('spec-kitty doctor ops', kitty(root, ['doctor', 'ops']))
}

const root = scratchRepository()
heading('', 'spec-kitty: an honest, permanent record of what agents were asked and how it ended')
note(`This tour runs in a scratch repository, where a file is half staged:\n${root}`)
const before = { staged: git(root, ['diff', '--cached']), unstaged: git(root, ['diff']) }
const op = open(root)
close(root, op)
untouched(root, before)
restore(root, op.path)
closing(root)
