import { readFileSync } from 'node:fs'
import { expect, expectTypeOf, test } from 'vitest'
import type * as z from 'zod/mini'
import type { KnownEventName, OpEvent, SHAPES } from '../../src/events/events.js'
import type {
  IndexRow,
  LifecycleEvent,
  NewArtifactLink,
  NewCommitLink,
  NewCompletedEvent,
  NewNote,
  NewStartedEvent,
  NewUsage,
} from '../../src/index.js'
import type {
  IndexRowSchema,
  LifecycleEventSchema,
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  NewNoteSchema,
  NewStartedEventSchema,
  NewUsageSchema,
} from '../../src/schemas.js'

/** The fields of a type as one plain object. */
type Flat<T> = { readonly [Field in keyof T]: T[Field] }
type Output<Schema extends z.ZodMiniType> = Flat<z.output<Schema>>
type Read<Name extends KnownEventName> = Flat<Extract<OpEvent, { event: Name }>>

// The compiler compares; nothing happens at run time.
test('each type of a line is what its schema accepts', () => {
  expectTypeOf<Output<typeof SHAPES.started>>().toEqualTypeOf<Read<'started'>>()
  expectTypeOf<Output<typeof SHAPES.completed>>().toEqualTypeOf<Read<'completed'>>()
  expectTypeOf<Output<typeof SHAPES.artifact_link>>().toEqualTypeOf<Read<'artifact_link'>>()
  expectTypeOf<Output<typeof SHAPES.commit_link>>().toEqualTypeOf<Read<'commit_link'>>()
  expectTypeOf<Output<typeof SHAPES.note>>().toEqualTypeOf<Read<'note'>>()
  expectTypeOf<Output<typeof SHAPES.usage>>().toEqualTypeOf<Read<'usage'>>()
  expectTypeOf<Output<typeof NewUsageSchema>>().toEqualTypeOf<Flat<NewUsage>>()
  expectTypeOf<Output<typeof NewStartedEventSchema>>().toEqualTypeOf<Flat<NewStartedEvent>>()
  expectTypeOf<Output<typeof NewCompletedEventSchema>>().toEqualTypeOf<Flat<NewCompletedEvent>>()
  expectTypeOf<Output<typeof NewArtifactLinkSchema>>().toEqualTypeOf<Flat<NewArtifactLink>>()
  expectTypeOf<Output<typeof NewCommitLinkSchema>>().toEqualTypeOf<Flat<NewCommitLink>>()
  expectTypeOf<Output<typeof NewNoteSchema>>().toEqualTypeOf<Flat<NewNote>>()
  expectTypeOf<Output<typeof IndexRowSchema>>().toEqualTypeOf<Flat<IndexRow>>()
  expectTypeOf<Output<typeof LifecycleEventSchema>>().toEqualTypeOf<Flat<LifecycleEvent>>()
})

test('their fields are in snake_case', () => {
  const text = readFileSync(new URL('../../src/events/wire.ts', import.meta.url), 'utf8')
  const fields = [...text.matchAll(/^ +(\w+)\??: /gm)].map(([, field = '']) => field)
  expect(fields.length).toBeGreaterThan(50)
  expect(fields.filter((field) => !/^[a-z]+(?:_[a-z]+)*$/.test(field))).toEqual([])
})
