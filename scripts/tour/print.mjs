import { styleText } from 'node:util'

const coloured = process.stdout.isTTY && !process.env.NO_COLOR

const style = (format, text) => (coloured ? styleText(format, text) : text)

const print = (text = '') => process.stdout.write(`${text}\n`)

export const heading = (number, text) => {
  print()
  print(style('bold', number === '' ? text : `${number}  ${text}`))
  print()
}

export const command = (text) => print(`   ${style('cyan', `$ ${text}`)}`)

const WIDTH = 96

/** Breaks long lines between words, or within a word that is longer than a line. */
const wrap = (line) => line.match(new RegExp(`.{1,${WIDTH}}(?: |$)|.{1,${WIDTH}}`, 'g')) ?? ['']

export const note = (text) => {
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line, at, all) => line !== '' || all[at - 1] !== '')
  for (const line of lines.flatMap(wrap)) print(`     ${style('dim', line)}`.trimEnd())
  if (lines.join('') !== '') print()
}

/** Prints a claim with a check mark. If it does not hold, prints a cross, and the tour fails. */
export const tick = (text, holds = true) => {
  print(`   ${holds ? style('green', '✓') : style('red', '✗')} ${text}`)
  print()
  if (!holds) process.exitCode = 1
}

export const closing = (root) => {
  heading('', 'Try it yourself')
  note(`The scratch repository is kept, so that you can look around in it:\n${root}`)
  command('npm start -- --help')
  command(`npm start -- ops list --root ${root}`)
  command(`npm start -- do "what you want done" --profile your-profile --root ${root}`)
  print()
}
