import { describe, expect, it } from 'vitest'
import { progressOn } from '../../src/command/progress.js'

const lineOn = (isTTY: boolean, colour = true) => {
  let now = 0
  const parts: string[] = []
  const stderr = { isTTY, write: (part: string) => void parts.push(part) }
  const line = progressOn({ stderr, clock: () => new Date(now) }, colour)
  const after = (ms: number, done: number) => {
    now += ms
    line.show({ what: 'records', done, total: 100 })
  }
  return { ...line, after, text: () => parts.join('') }
}

describe('the progress of long work', () => {
  it('appears after a while, is updated, and is erased', () => {
    const line = lineOn(true)
    line.after(400, 10)
    expect(line.text()).toBe('')
    line.after(200, 20)
    line.after(50, 30)
    line.after(60, 40)
    const shown = ['Reading records: 20 of 100', 'Reading records: 40 of 100']
    expect(line.text()).toBe(shown.map((each) => `\r\u001b[K${each}`).join(''))
    line.clear()
    expect(line.text().endsWith('\r\u001b[K')).toBe(true)
  })

  it('names what is read if the total is unknown', () => {
    const times = [0, 600]
    const parts: string[] = []
    const stderr = { isTTY: true, write: (part: string) => void parts.push(part) }
    progressOn({ stderr, clock: () => new Date(times.shift() ?? 0) }, true).show({
      what: 'history',
    })
    expect(parts.join('')).toBe('\r\u001b[KReading history …')
  })

  it('does not appear for short work, or without a terminal', () => {
    const short = lineOn(true)
    short.after(10, 1)
    short.clear()
    expect(short.text()).toBe('')
    const piped = lineOn(false)
    piped.after(5000, 1)
    piped.clear()
    expect(piped.text()).toBe('')
    const plain = lineOn(true, false)
    plain.after(5000, 1)
    plain.clear()
    expect(plain.text()).toBe('')
  })
})
