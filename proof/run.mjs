// npm run proof -- NAME …: tries hard to break one promise, and prints how often it tried.
import { readdirSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const names = readdirSync(here)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs')
  .map((name) => name.slice(0, -'.mjs'.length))

const [name] = process.argv.slice(2)
if (names.includes(name)) await import(new URL(`${name}.mjs`, here))
else {
  process.stderr.write(`Say what to prove: ${names.join(', ')}\n`)
  process.exitCode = 2
}
