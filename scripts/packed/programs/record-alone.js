// Runs in a folder with only @kitty/record installed: checks that it brings only zod and ulid.
import { readdirSync } from 'node:fs'
import { newOpId, parseOpRecord } from '@kitty/record'

const id = newOpId()
const started = { event: 'started', invocation_id: id, profile_id: 'p', action: 'a' }
const line = JSON.stringify({ ...started, started_at: '2026-01-31T12:00:00.000Z' })
const { status } = parseOpRecord(`${line}\n`, { opId: id })

const folders = ['node_modules', 'node_modules/@kitty'].flatMap((folder) => readdirSync(folder))
const installed = folders
  .filter((name) => !name.startsWith('.'))
  .sort()
  .join(' ')

process.stdout.write(`@kitty/record alone: reads an ${status} Op; installed: ${installed}\n`)
if (status !== 'open' || installed !== '@kitty record ulid zod') process.exitCode = 1
