import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingTail } from '../../src/ops/closing-lines.js'

const appended = (current: string, lines: string): string =>
  current + missingTail(Buffer.from(current), lines).toString()

describe('what closes a record', () => {
  const STARTED = '{"event":"started"}\n'
  const LINES = '{"event":"artifact_link"}\n{"event":"completed"}\n'

  it('is the lines themselves after a whole line, and in an empty file', () => {
    expect(appended(STARTED, LINES)).toBe(STARTED + LINES)
    expect(appended('', LINES)).toBe(LINES)
  })

  it('ends a torn tail first', () => {
    expect(appended(`${STARTED}{"event":"comp`, '{"x":1}\n')).toBe(
      `${STARTED}{"event":"comp\n{"x":1}\n`,
    )
    expect(appended('{"event":"started"}', LINES)).toBe(`{"event":"started"}\n${LINES}`)
  })

  it('goes on where an append of the same lines was cut off, wherever that was', () => {
    for (let cut = 0; cut <= LINES.length; cut += 1) {
      expect(appended(STARTED + LINES.slice(0, cut), LINES)).toBe(STARTED + LINES)
    }
  })

  it('does not take the end of another line for its own beginning', () => {
    expect(appended(`${STARTED}{"a":{`, LINES)).toBe(`${STARTED}{"a":{\n${LINES}`)
  })

  it('counts bytes, so that half a character is a torn tail too', () => {
    const current = Buffer.concat([Buffer.from(STARTED), Buffer.from('é').subarray(0, 1)])
    expect(missingTail(current, LINES)).toEqual(Buffer.from(`\n${LINES}`))
  })

  it('loses no byte, ends with the lines, and is empty the second time', () => {
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
