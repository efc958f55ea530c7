// Makes every test that prints fail: text for the user must go through a command's output.
import { afterEach } from 'vitest'

type Done = (error?: Error | null) => void

const printed: string[] = []

const catchPrinted = (
  chunk: string | Uint8Array,
  encodingOrDone?: BufferEncoding | Done,
  done?: Done,
) => {
  printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
  const after = typeof encodingOrDone === 'function' ? encodingOrDone : done
  after?.()
  return true
}

process.stdout.write = catchPrinted
process.stderr.write = catchPrinted

afterEach(() => {
  const text = printed.splice(0).join('')
  if (text !== '') throw new Error(`A test printed: ${text}`)
})
