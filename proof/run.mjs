// npm run proof -- NAME …: tests what the README and docs/ promise, and fails if something does not hold.
import { readdirSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const names = readdirSync(here)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs')
  .map((name) => name.slice(0, -'.mjs'.length))

const [name] = process.argv.slice(2)
if (names.includes(name)) await import(new URL(`${name}.mjs`, here))
else {
  process.stderr.write(`Missing or unknown NAME of a proof: use one of ${names.join(', ')}\n`)
  process.exitCode = 2
}
