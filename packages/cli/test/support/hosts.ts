// How GitHub and GitLab render Markdown, as far as it is published: CommonMark with GitHub's extensions, then rules of
// what HTML is kept, then filters that find mentions, references and addresses in text.

import { fromHtml } from 'hast-util-from-html'
import { defaultSchema, type Schema, sanitize } from 'hast-util-sanitize'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

/** GitLab keeps what GitHub keeps, and these elements. */
const GITLAB: Schema = {
  ...defaultSchema,
  tagNames: [...(defaultSchema.tagNames ?? []), 'span', 'abbr', 'details', 'summary'],
}

export const HOSTS: readonly (readonly [name: string, rules: Schema])[] = [
  ['GitHub', defaultSchema],
  ['GitLab', GITLAB],
]

/** An element or a text of a page. */
export type HtmlNode = {
  readonly type: string
  readonly tagName?: string
  readonly value?: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly children?: readonly HtmlNode[]
}

/** Renders Markdown as a host does, up to its filters. */
export const rendered = (markdown: string, rules: Schema): HtmlNode => {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
  return sanitize(fromHtml(html, { fragment: true }), rules)
}

/** The elements in which the hosts look for no mentions, references or addresses. */
const QUIET = new Set(['pre', 'code', 'tt', 'a', 'style', 'script'])

/** The texts of a page: those that the filters search, and the others. */
export const textsOf = (
  node: HtmlNode,
  isQuiet = false,
): readonly { readonly text: string; readonly isQuiet: boolean }[] => {
  if (node.type === 'text') return [{ text: node.value ?? '', isQuiet }]
  const quiet = isQuiet || QUIET.has(node.tagName ?? '')
  return (node.children ?? []).flatMap((child) => textsOf(child, quiet))
}

/** The names of all elements of a page, and of their properties. */
export const elementsOf = (node: HtmlNode): readonly string[] => [
  ...(node.tagName === undefined ? [] : [node.tagName, ...Object.keys(node.properties ?? {})]),
  ...(node.children ?? []).flatMap(elementsOf),
]

/** What the filters turn into a mention, a reference, an address or an emoji. */
export const FOUND_BY_FILTERS = /[@#!$%~&][\w/-]|https?:|www\.|\w@\w|:\w+:/
