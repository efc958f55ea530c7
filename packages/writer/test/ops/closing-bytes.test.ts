import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingTail } from '../../src/ops/closing-lines.js'

const appended = (current: string, lines: string): string =>
  current + missingTail(Buffer.from(current), lines).toString()

describe('the bytes that close a record', () => {
  const STARTED = '{"event":"started"}\n'
  const LINES = '{"event":"artifact_link"}\n{"event":"completed"}\n'

  it('are the lines themselves after a complete line, and in an empty file', () => {
    expect(appended(STARTED, LINES)).toBe(STARTED + LINES)
    expect(appended('', LINES)).toBe(LINES)
  })

  it('terminate a torn tail first', () => {
    expect(appended(`${STARTED}{"event":"comp`, '{"x":1}\n')).toBe(
      `${STARTED}{"event":"comp\n{"x":1}\n`,
    )
    expect(appended('{"event":"started"}', LINES)).toBe(`{"event":"started"}\n${LINES}`)
  })

  it('continue an interrupted append of the same lines, wherever it was cut off', () => {
    for (let cut = 0; cut <= LINES.length; cut += 1) {
      expect(appended(STARTED + LINES.slice(0, cut), LINES)).toBe(STARTED + LINES)
    }
  })

  it('do not mistake the end of another line for their own beginning', () => {
    expect(appended(`${STARTED}{"a":{`, LINES)).toBe(`${STARTED}{"a":{\n${LINES}`)
  })

  it('count bytes, so half a character is a torn tail too', () => {
    const current = Buffer.concat([Buffer.from(STARTED), Buffer.from('é').subarray(0, 1)])
    expect(missingTail(current, LINES)).toEqual(Buffer.from(`\n${LINES}`))
  })

  it('lose no byte, end with the lines, and are empty the second time', () => {
    const line = fc.string({ minLength: 1 }).map((text) => `${JSON.stringify(text)}\n`)
    const lines = fc.array(line, { minLength: 1 }).map((all) => all.join(''))
    fc.assert(
      fc.property(fc.uint8Array(), lines, (bytes, text) => {
        const current = Buffer.from(bytes)
        const after = Buffer.concat([current, missingTail(current, text)])
        expect(after.subarray(0, current.length).equals(current)).toBe(true)
        expect(after.toString('latin1').endsWith(Buffer.from(text).toString('latin1'))).toBe(true)
        expect(missingTail(after, text)).toHaveLength(0)
      }),
    )
  })
})
