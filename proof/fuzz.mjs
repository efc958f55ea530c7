// npm run proof -- fuzz [COUNT [SEED]]: mutated lines and files through the parser, which may neither
// throw, nor lose a character, nor take long, nor keep memory. Exit status 1 where it does.
import { fuzz } from './lib/fuzz.mjs'

const [, count = '1000000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
const [inputs, start] = [count, seed].map(Number)

if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(start)) {
  process.stderr.write('COUNT and SEED are whole numbers: npm run proof -- fuzz 20000 7\n')
  process.exitCode = 2
} else {
  const { figures, broken } = fuzz({ count: inputs, seed: start })
  for (const [name, value] of Object.entries(figures)) {
    process.stdout.write(`${name.padEnd(22)} ${value}\n`)
  }
  for (const each of broken) process.stdout.write(`BROKEN ${each}\n`)
  if (broken.length > 0) process.exitCode = 1
}
