/** Verbs that begin a request and say what kind of work it is. */
const VERBS: ReadonlySet<string> = new Set([
  'add',
  'analyse',
  'analyze',
  'audit',
  'build',
  'classify',
  'clean',
  'create',
  'debug',
  'delete',
  'deploy',
  'describe',
  'diagnose',
  'explain',
  'extract',
  'fix',
  'generate',
  'implement',
  'improve',
  'investigate',
  'merge',
  'migrate',
  'optimise',
  'optimize',
  'port',
  'reconcile',
  'refactor',
  'remediate',
  'remove',
  'rename',
  'repair',
  'replace',
  'research',
  'resolve',
  'review',
  'rewrite',
  'simplify',
  'specify',
  'summarise',
  'summarize',
  'translate',
  'triage',
  'update',
  'upgrade',
  'verify',
  'write',
])

/** Verbs that are as often nouns: they are plain only before a word that begins an object. */
const ALSO_NOUNS: ReadonlySet<string> = new Set([
  'design',
  'document',
  'draft',
  'plan',
  'record',
  'release',
  'report',
  'test',
])

const BEGINS_OBJECT =
  /^(?:an?|the|this|that|these|those|all|each|every|our|my|how|what|why|whether|[A-Z#"'`\d].*)$/

const WORDS = /^\s*(?:please\s+)?([a-z]+)[:,]?(?:\s+(\S+))?/i

/** The verb that a request begins with, in lower case. Returns `undefined` if it is not plain. */
export const verbOf = (request: string): string | undefined => {
  const [, first = '', next = ''] = WORDS.exec(request) ?? []
  const verb = first.toLowerCase()
  if (VERBS.has(verb)) return verb
  return ALSO_NOUNS.has(verb) && BEGINS_OBJECT.test(next) ? verb : undefined
}
