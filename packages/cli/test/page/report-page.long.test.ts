import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatLine, newOpId } from '@kitty/record'
import { closedRecordText, tempFolder } from '@kitty/test-kit'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromium, isBrowserOwed, startBrowser, writeSampleStore } from '../support/browser.js'
import { runIn } from '../support/in-process.js'

const NOW = Date.parse('2026-06-30T12:00:00Z')
const HOSTILE =
  '</script><script>window.hit = 1</script><img src=x onerror="window.hit = 2"><!-- & {a|b}'

let browser: Browser
let samples: string

/** Writes the report of a store. */
const write = async (root: string): Promise<string> => {
  const file = join(root, 'report.html')
  const { status, stderr } = await runIn(root, ['ops', 'report', '-o', file], {
    now: new Date(NOW),
  })
  expect([status, stderr]).toEqual([0, ''])
  return file
}

/** Opens a page without a network. Any console message or request is an error. */
const look = async (file: string, options: BrowserContextOptions = {}) => {
  const context = await browser.newContext({ offline: true, ...options })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', ({ message }) => trouble.push(message))
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) trouble.push(request.url())
  })
  await page.goto(pathToFileURL(file).href)
  return { page, trouble, close: () => context.close() }
}

const rows = (page: Page) => page.locator('#rows tr')
const count = (page: Page) => page.locator('#count').textContent()

/** The accessibility problems that axe finds. */
const barriers = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => { ${axe.source}; return axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 80))])) })()`)

const putHostile = async (root: string): Promise<void> => {
  const invocation_id = newOpId(NOW - 60_000)
  const started = {
    event: 'started' as const,
    invocation_id,
    profile_id: HOSTILE,
    action: '\u202egnp.exe',
    request_text: `${HOSTILE}\n${'long '.repeat(3_000)}`,
    actor: HOSTILE,
    started_at: new Date(NOW - 60_000).toISOString(),
    mission_id: '"><svg onload=alert(1)>',
  }
  await mkdir(join(root, 'kitty-ops'))
  await writeFile(join(root, 'kitty-ops', `${invocation_id}.jsonl`), formatLine(started))
}

describe.skipIf(chromium === undefined && !isBrowserOwed)('the page (needs a Chromium)', () => {
  beforeAll(async () => {
    browser = await startBrowser()
    const root = await tempFolder()
    await writeSampleStore(root, { count: 200, until: NOW })
    samples = await write(root)
  })
  afterAll(() => browser.close())

  it('works from a file, without a network, and shows its totals', async () => {
    const { page, trouble, close } = await look(samples)
    expect(await count(page)).toBe('200 Ops')
    expect(await rows(page).count()).toBe(50)
    expect(await page.locator('#totals dd strong').allTextContents()).toContain('200')
    expect(await page.locator('canvas').count()).toBe(3)
    for (const chart of await page.locator('[role=img]').all()) {
      expect(await chart.getAttribute('aria-label')).toMatch(/\d/)
    }
    expect(trouble).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('has no accessibility problems, %s', async (colorScheme) => {
    const { page, trouble, close } = await look(samples, { colorScheme, bypassCSP: true })
    expect(await barriers(page)).toEqual([])
    await rows(page).first().getByRole('button').click()
    expect(await barriers(page)).toEqual([])
    expect(trouble).toEqual([])
    await close()
  })

  it('is searched and filtered, and shows the number of matches', async () => {
    const { page, close } = await look(samples)
    await page.getByLabel('Search').fill('login monday')
    await expect.poll(() => count(page)).toMatch(/^\d+ Ops, of 200 Ops$/)
    for (const text of await rows(page).allTextContents()) expect(text).toContain('login test')
    await page.getByLabel('failed').check()
    await expect
      .poll(async () => new Set(await page.locator('#rows td.outcome').allTextContents()))
      .toEqual(new Set(['✕failed']))
    await page.getByLabel('Search').fill('nothing says this')
    await expect.poll(() => count(page)).toBe('0 Ops, of 200 Ops')
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect.poll(() => count(page)).toBe('200 Ops')
    await close()
  })

  it('keeps its filters in the address, also from a file', async () => {
    const { page, trouble, close } = await look(samples)
    const hash = () => page.evaluate(() => location.hash)
    await page.locator('#lanes').selectOption('actor')
    await page.getByLabel('Search').fill('login & "monday"')
    await page.getByLabel('failed').check()
    await expect.poll(hash).toBe('#search=login+%26+%22monday%22&outcome=failed&by=actor')
    await page.getByLabel('Search').fill('login')
    await expect.poll(hash).toBe('#search=login&outcome=failed&by=actor')
    const seen = await count(page)
    await page.reload()
    await expect.poll(() => count(page)).toBe(seen)
    expect(await page.getByLabel('Search').inputValue()).toBe('login')
    expect(await page.locator('#lanes').inputValue()).toBe('actor')
    await page.evaluate(() => {
      location.hash = 'outcome=done,nonsense&profile=nobody'
    })
    await expect.poll(hash).toBe('#outcome=done')
    expect(await page.getByLabel('Search').inputValue()).toBe('')
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect.poll(hash).toBe('')
    expect(page.url()).toBe(pathToFileURL(samples).href)
    expect(trouble.filter((each) => !each.includes('#'))).toEqual([])
    await close()
  })

  it('shows how to close an open Op', async () => {
    const root = await tempFolder()
    await putHostile(root)
    const { page, close } = await look(await write(root))
    await rows(page).first().getByRole('button').click()
    const command = await page.getByLabel('Close it, in the project').textContent()
    expect(command).toMatch(
      /^spec-kitty ops complete [0-9A-Z]{26} --outcome done {3}\[or failed, abandoned\]$/,
    )
    await close()
  })

  it('is sorted and paged with the keyboard alone', async () => {
    const { page, close } = await look(samples)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip')
    await page.getByRole('button', { name: 'Took' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    expect(await page.locator('th[aria-sort=descending]').textContent()).toBe('Took ↓')
    await page.getByRole('button', { name: 'Older' }).focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#page').textContent()).toBe('51–100 of 200')
    await rows(page).first().getByRole('button').focus()
    await page.keyboard.press('Enter')
    const id = await rows(page).first().getByRole('button').getAttribute('data-id')
    expect(await page.getByRole('dialog').getByRole('heading').first().textContent()).toBe(id)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe(id)
    await close()
  })

  it('has a timeline that is zoomed, moved, and arranged by another field', async () => {
    const { page, close } = await look(samples)
    const seen = () => page.locator('#timeline-chart').getAttribute('data-seen')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(seen).toBe('25.00-75.00')
    await page.getByRole('button', { name: 'Later' }).click()
    await expect.poll(seen).toBe('41.67-91.67')
    await page.getByRole('button', { name: 'All' }).click()
    await expect.poll(seen).toBe('0.00-100.00')
    await page.locator('#lanes').selectOption('profile')
    const label = () => page.locator('#timeline-chart').getAttribute('aria-label')
    await expect.poll(label).toBe('Bars: when 200 Ops ran, in rows by profile.')
    await close()
  })

  it('shows one line instead of empty charts', async () => {
    const { page, trouble, close } = await look(samples)
    const frames = page.getByRole('heading', { name: /^(?:Outcomes|Durations|Timeline|Ops)$/ })
    expect(await frames.count()).toBe(4)
    await page.getByLabel('Search').fill('nothing says this')
    await page.getByText('No Op matches these filters').waitFor({ state: 'visible' })
    expect(await frames.count()).toBe(0)
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect.poll(() => frames.count()).toBe(4)
    expect(await page.getByText('No Op matches these filters').isVisible()).toBe(false)
    expect(trouble).toEqual([])
    await close()
    const none = await look(await write(await tempFolder()))
    await none.page.getByText('No Ops here.').waitFor({ state: 'visible' })
    expect(none.trouble).toEqual([])
    await none.close()
  })

  it('names hours by their time, and draws no line through a single point', async () => {
    const root = await tempFolder()
    await mkdir(join(root, 'kitty-ops'))
    const put = async (at: number) => {
      const id = newOpId(at)
      await writeFile(join(root, 'kitty-ops', `${id}.jsonl`), closedRecordText({ id }))
    }
    const label = async (name: string) => {
      const { page, close } = await look(await write(root), { locale: 'en-GB', timezoneId: 'UTC' })
      const words = await page.locator(`#${name}-chart`).getAttribute('aria-label')
      await close()
      return words
    }
    await put(NOW - 7_200_000)
    expect(await label('durations')).not.toContain('Line')
    await put(NOW - 60_000)
    expect(await label('durations')).toContain('Line: the median for each hour.')
    expect(await label('outcomes')).toMatch(/for each hour from .* 10:00 to .* 11:00\.$/)
  })

  it('is light or dark as the reader selects', async () => {
    const { page, close } = await look(samples)
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await colour()
    await page.getByRole('button', { name: 'Theme: auto' }).click()
    expect(await colour()).toBe(light)
    await page.getByRole('button', { name: 'Theme: light' }).click()
    expect(await colour()).not.toBe(light)
    await close()
  })

  it('shows everything in a record as text', async () => {
    const root = await tempFolder()
    await putHostile(root)
    const { page, trouble, close } = await look(await write(root))
    expect(await rows(page).count()).toBe(1)
    expect(await rows(page).first().textContent()).toContain('<img src=x onerror="window.hit = 2">')
    expect(await rows(page).first().textContent()).toContain('\\u{202e}gnp.exe')
    await rows(page).first().getByRole('button').click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Request').textContent()).toContain(
      '</script><script>window.hit = 1',
    )
    expect(await dialog.textContent()).toContain('The full request is in kitty-ops/')
    expect(await page.evaluate(() => Reflect.get(window, 'hit'))).toBeUndefined()
    expect(await page.locator('img, svg, script:not([id]) ~ script').count()).toBe(0)
    expect(trouble).toEqual([])
    await close()
  })

  it('draws no more rows for 10,000 Ops than for 200', async () => {
    const root = await tempFolder()
    await writeSampleStore(root, { count: 10_000, until: NOW, days: 700 })
    const file = await write(root)
    const size = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length)
    const [few, many] = [await look(samples), await look(file)]
    expect(await count(many.page)).toBe('10,000 Ops')
    expect(await size(many.page)).toBeLessThan((await size(few.page)) + 100)
    await many.page.getByLabel('Search').fill('linter')
    await expect.poll(() => count(many.page)).toMatch(/^1,\d{3} Ops, of 10,000 Ops$/)
    expect(await rows(many.page).count()).toBe(50)
    expect(many.trouble).toEqual([])
    await few.close()
    await many.close()
  })

  it('fits a narrow screen', async () => {
    const { page, close } = await look(samples, { viewport: { width: 360, height: 740 } })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(360)
    await close()
  })
})
