import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLine } from '../../src/index.js'
import { opLineJsonSchema } from '../../src/schemas.js'
import {
  extraFields,
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newNote,
  newStarted,
  newUsage,
  unknownEvent,
} from '../support/arbitraries.js'
import { corpusIsThere, corpusLines } from '../support/corpus.js'
import { completed, ID, lineOf, started } from '../support/records.js'

const accepts = new Ajv2020({ strict: true, strictTypes: false }).compile(opLineJsonSchema())

/** The parser is the reference: the schema must agree with it about every line of JSON. */
const agree = (line: string) => {
  expect([line, accepts(JSON.parse(line))]).toEqual([line, parseLine(line).ok])
}

describe('the JSON Schema accepts what the parser accepts', () => {
  const events = [
    newStarted,
    newCompleted(ID),
    newArtifactLink,
    newCommitLink,
    newNote,
    newUsage,
    unknownEvent,
  ]

  test('of all written events, with or without other fields', () => {
    fc.assert(
      fc.property(fc.oneof(...events), extraFields, (event, extra) => {
        const line = lineOf({ ...extra, ...event })
        expect(accepts(JSON.parse(line))).toBe(true)
        agree(line)
      }),
    )
  })

  test('of events with a field that is missing, null or invalid', () => {
    const values = [undefined, null, '', 7, true, 'x', [], {}]
    for (const event of [started, completed]) {
      for (const field of [...Object.keys(event), 'model_id', 'mission_id', 'evidence_ref']) {
        for (const value of values) {
          const { event: name = '?', ...rest } = { ...event, [field]: value }
          agree(JSON.stringify({ event: name, ...rest }))
        }
      }
    }
  })

  test('of older completions', () => {
    for (const outcome of [undefined, null, 'done', 'perfect']) {
      for (const closed_by of [undefined, null, 'agent', 'nobody']) {
        agree(JSON.stringify({ ...completed, outcome, closed_by }))
      }
    }
  })

  test.each(['7', 'null', '[]', '{}', '{"event":7}', '{"event":"x"}', '{"event":"started"}'])(
    'of %s',
    agree,
  )
})

test('it names its draft, and can be written to a file', () => {
  const schema = opLineJsonSchema()
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  expect(schema.title).toBe('One line of an Op record')
  expect(schema.anyOf?.map((each) => typeof each === 'object' && each.title)).toEqual([
    'started',
    'completed',
    'artifact_link',
    'commit_link',
    'note',
    'usage',
    'unknown event',
  ])
})

describe.skipIf(!corpusIsThere)('real records (in ../shared/corpus)', () => {
  test('every line of them is accepted', () => {
    expect(corpusLines().filter((line) => !accepts(JSON.parse(line)))).toEqual([])
  })
})
