import { printableLine } from '../../terminal/printable.js'
import { problemLine } from '../../terminal/problem.js'
import type { Style } from '../../terminal/style.js'
import type { Validation } from './validate-files.js'

const fileText = ({ path, status, problems, valid }: Validation, style: Style): string => {
  const verdict = valid ? style.green('valid') : style.red('invalid')
  const lines = problems.map((problem) => `  ${problemLine(problem, style)}\n`)
  return `${verdict}  ${printableLine(path)} (${status})\n${lines.join('')}`
}

/** Each file with what is wrong with it, and the sum. */
export const validationText = (files: readonly Validation[], style: Style): string => {
  const valid = files.filter((file) => file.valid).length
  const sum = `${valid} valid, ${files.length - valid} invalid\n`
  return files.map((file) => fileText(file, style)).join('') + sum
}
