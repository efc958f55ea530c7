import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARKER, MOST_BYTES, reportMarkdown } from '../../src/markdown/report-markdown.js'
import type { ReportedOp } from '../../src/page/reported.js'
import { elementsOf, FOUND_BY_FILTERS, HOSTS, rendered, textsOf } from '../support/hosts.js'

const ID = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'

const opWith = (text: string): ReportedOp => ({
  id: ID,
  outcome: 'failed',
  profile: text,
  action: text,
  actor: text,
  model: text,
  mission: text,
  wp: text,
  request: text,
  from: 1_000,
  until: 61_000,
  reason: text,
  evidence: text,
  links: [
    { what: text, ref: text },
    { what: 'commit', ref: text },
    { what: 'commit', ref: 'a'.repeat(40) },
  ],
  path: '',
})

const HOSTILE = [
  '@octocat and @octo-org/team, please look',
  'Fixes #1, closes octo/repo#2, GH-3, !4, $5, %"6", ~label, &7',
  'https://evil.example/?a=1&b=2 www.evil.example evil@example.org',
  '[text](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example>',
  '[ref]\n\n[ref]: https://evil.example "title"',
  '</details></summary></code></pre></p><h1>Out</h1>',
  '<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="//evil.example">',
  '<!-- a comment --> --> <![CDATA[ x ]]> <?php ?> <!DOCTYPE html>',
  '```\nfence\n```\n~~~\nanother\n~~~',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '# Heading\n\n- [ ] task\n- [x] done\n\n> quote\n\n***\n\n1. one',
  '\n\n    indented\n\n\nblank lines\n\n',
  '**bold** _it_ ~~gone~~ `code` $x^2$ :smile: \\( y \\) [^1]\n\n[^1]: note',
  '&lt;b&gt; &amp;lt;script&amp;gt; &#64;octocat &commat;octocat',
  '\u202egnp.exe \u200b@octocat \u0000 \u001b[31m \ud800',
  '/label ~bug\n/assign @octocat\n/merge',
  MARKER,
]

/** The elements and properties of a report, whatever its text. */
const OWN = ['code', 'details', 'h3', 'p', 'pre', 'strong', 'summary']

describe.each(HOSTS)('in the renderer of %s, the text of a record', (_, rules) => {
  const check = (text: string): void => {
    const page = rendered(reportMarkdown([opWith(text)]).text, rules)
    expect([...new Set(elementsOf(page))].filter((name) => !OWN.includes(name))).toEqual([])
    const searched = textsOf(page).filter(({ isQuiet }) => !isQuiet)
    expect(searched.filter((each) => FOUND_BY_FILTERS.test(each.text))).toEqual([])
    // One fold, closed at its end.
    const parts = page.children?.filter(({ type }) => type === 'element') ?? []
    expect(parts.map(({ tagName }) => tagName)).toEqual(['h3', 'p', 'details'])
  }

  it.each(HOSTILE)('stays text: %j', check)

  it('stays text, whatever it is', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...HOSTILE,
        '\n',
        '\n\n',
        '<',
        '>',
        '&',
        '`',
        '|',
        '@a',
        '#1',
        '</pre>',
        '-->',
      ),
      fc.string({ unit: 'binary' }),
    )
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, check), { numRuns: 150 })
  })

  it('can be read as it is', () => {
    const request = 'Why?\n\n<b>@octocat</b>\tsays: "#1 & é 😺" \\ `x`'
    const op = { ...opWith('x'), request }
    const page = rendered(reportMarkdown([op]).text, rules)
    const texts = textsOf(page).filter(({ isQuiet }) => isQuiet)
    expect(texts.map(({ text }) => text)).toContain(request.replaceAll('\t', '    '))
  })
})

describe('the Markdown of a report', () => {
  it('is at most 60 kB, and says what is left out', () => {
    const ops = Array.from({ length: 500 }, () => opWith(HOSTILE.join('\n').repeat(20)))
    const { text, leftOut } = reportMarkdown(ops)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES)
    expect(text.split('<details>')).toHaveLength(500 - leftOut + 1)
    expect(text).toContain(
      `${leftOut} older Ops are left out, since this report has at most 60 kB.`,
    )
    expect(text).toMatch(/^\*\*500 Ops\*\*: 500 failed; /m)
    const [, ...long] = reportMarkdown([opWith('😺'.repeat(50_000))]).text.matchAll(
      /(\d+) more characters are in the record/g,
    )
    expect(long.length).toBeGreaterThan(3)
    expect(reportMarkdown([]).text).toContain('No Ops.')
  })

  it('has the commits as plain ids, which hosts link', () => {
    const { text } = reportMarkdown([opWith('x')])
    expect(text).toContain(`commit ${'a'.repeat(40)}`)
    expect(text).toContain('commit <code>x</code>')
  })
})
