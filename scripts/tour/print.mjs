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

/** Long lines are broken between words, or within where there is none. */
const wrap = (line) => line.match(new RegExp(`.{1,${WIDTH}}(?: |$)|.{1,${WIDTH}}`, 'g')) ?? ['']

export const note = (text) => {
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line, at, all) => line !== '' || all[at - 1] !== '')
  for (const line of lines.flatMap(wrap)) print(`     ${style('dim', line)}`.trimEnd())
  if (lines.join('') !== '') print()
}

/** Says that something holds; fails the tour when it does not. */
export const tick = (text, holds = true) => {
  print(`   ${holds ? style('green', '✓') : style('red', '✗')} ${text}`)
  print()
  if (!holds) process.exitCode = 1
}

export const closing = (root) => {
  heading('', 'What to type next')
  note(`The repository stays where it is, so look around in it:\n${root}`)
  command('npm start -- --help')
  command(
    'npm start -- do "what you want done" --profile your-profile      in the folder where you stand',
  )
  command('npm start -- ops list')
  print()
}
