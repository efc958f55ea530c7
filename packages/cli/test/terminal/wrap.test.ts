import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findingText } from '../../src/terminal/finding.js'
import { PLAIN } from '../../src/terminal/style.js'
import { widthOf } from '../../src/terminal/table.js'
import { wrap, wrapWidth } from '../../src/terminal/wrap.js'

describe('wrapped text', () => {
  it('loses nothing, breaks no word and keeps to the width', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes(' '))
    const words = fc.array(fc.oneof(word, fc.constant('記録')), { minLength: 1 })
    fc.assert(
      fc.property(words, fc.integer({ min: -5, max: 40 }), (parts, width) => {
        const lines = wrap(parts.join(' '), width)
        expect(lines.join(' ')).toBe(parts.join(' '))
        for (const line of lines) {
          if (line.includes(' ')) expect(widthOf(line)).toBeLessThanOrEqual(width)
        }
      }),
    )
  })

  it('counts a wide character as two columns', () => {
    expect(wrap('記録 記録 記録', 9)).toEqual(['記録 記録', '記録'])
    expect(wrap('記録 記録 記録', 8)).toEqual(['記録', '記録', '記録'])
  })

  it.each([
    [{ isTTY: true, columns: 120 }, 120],
    [{ isTTY: true }, 80],
    [{ isTTY: true, columns: 0 }, 80],
    [{ isTTY: true, columns: 3 }, 20],
    [{ isTTY: false, columns: 120 }, 80],
  ])('for %j is wrapped at %s columns', (output, width) => {
    expect(wrapWidth(output)).toBe(width)
  })
})

describe('a finding', () => {
  const finding = {
    label: 'error',
    paint: (text: string) => text,
    id: 'missing-record',
    message: 'The record is in git, but gone from disk.',
    path: `kitty-ops/${'x'.repeat(40)}.jsonl`,
    commands: [`git checkout HEAD -- kitty-ops/${'x'.repeat(40)}.jsonl`, 'git status'],
  }

  it('has its message, path and commands on lines of their own, and only the message is wrapped', () => {
    const layout = { labelWidth: 7, width: 40, style: PLAIN }
    expect(findingText(finding, layout).split('\n')).toEqual([
      'error    The record is in git, but gone',
      '         from disk. [missing-record]',
      `         ${finding.path}`,
      `         Next: ${finding.commands[0]}`,
      '               git status',
      '',
    ])
  })

  it('on a narrow terminal still has whole words', () => {
    const layout = { labelWidth: 7, width: 5, style: PLAIN }
    const [first] = findingText({ ...finding, message: 'Extraordinarily so.' }, layout).split('\n')
    expect(first).toBe('error    Extraordinarily')
  })
})
