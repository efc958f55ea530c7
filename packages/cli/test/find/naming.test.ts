import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OpId, parseOpId } from '@kitty/record'
import { closedRecordText, newRepository, openRecordText } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { jsonIn, openIn, type RunOptions, runIn } from '../support/in-process.js'

const PERSON: RunOptions = { terminal: true }
const AGENT: RunOptions = { variables: { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 's1' } }

let repository: Awaited<ReturnType<typeof newRepository>>
let path: string

beforeEach(async () => {
  repository = await newRepository()
  path = repository.path
})

const put = async (id: OpId, text = closedRecordText({ id })) => {
  await mkdir(join(path, 'kitty-ops'), { recursive: true })
  await writeFile(join(path, 'kitty-ops', `${id}.jsonl`), text)
}

const [A, B] = [parseOpId('01K6ZP4W3M8Q2V5X7Y9A1BKJ7Q'), parseOpId('01K6ZP4W3M8Q2V5X7Y9A2BKJ7Q')]
const show = (typed: string, options?: RunOptions) => jsonIn(path, ['ops', 'show', typed], options)
const complete = (typed: string, options?: RunOptions, cwd = path) =>
  jsonIn(cwd, ['ops', 'complete', typed, '--outcome', 'done'], options)
const is = (invocation_id: string) => ({ status: 0, json: { op: { invocation_id } } })
const failed = (code: string, ...invocation_id: readonly string[]) => ({
  status: 1,
  json: {
    error: { code },
    ...(invocation_id.length > 0 && {
      candidates: invocation_id.map((id) => ({ invocation_id: id })),
    }),
  },
})

describe('the end of an id', () => {
  it('is enough if it is unique and has four characters, in upper or lower case', async () => {
    await put(A)
    expect(await show('kj7q')).toMatchObject(is(A))
    expect(await show(' 1BKJ7Q ')).toMatchObject(is(A))
    for (const typed of ['J7Q', 'KJ7', 'BKJ7', '%%%%', 'KJ7QX', `X${A}`]) {
      expect([typed, await show(typed)]).toMatchObject([typed, failed('OP_NOT_FOUND')])
    }
  })

  it('shows the candidates if it is ambiguous', async () => {
    await put(A)
    await put(B)
    const answer = await show('bkj7q')
    expect(answer).toMatchObject(failed('AMBIGUOUS_ID', B, A))
    expect(answer.json).toMatchObject({ error: { message: '2 Op ids end with BKJ7Q.' } })
    expect(await show('2BKJ7Q')).toMatchObject(is(B))
  })

  it('yields to a prefix, also of an Op that is elsewhere', async () => {
    const [early, late] = [
      parseOpId('0AAAA000000000000000000000'),
      parseOpId('01K6ZP4W3M8Q2V5X7Y9A10AAAA'),
    ]
    await put(early)
    await put(late)
    expect(await show('0AAAA')).toMatchObject(is(early))
    expect(await show('AAAA')).toMatchObject(is(late))
    await repository.git('add', '-f', `kitty-ops/${early}.jsonl`)
    await repository.commit('Only in HEAD')
    await rm(join(path, 'kitty-ops', `${early}.jsonl`))
    expect(await show('0AAAA')).toMatchObject(is(early))
    const restored = await jsonIn(path, ['ops', 'restore', '0AAAA'])
    expect(restored.json).toMatchObject({ restored: [{ invocation_id: early }] })
  })

  it('finds what only HEAD has, and restores it', async () => {
    const id = await openIn(path)
    await complete(id)
    await rm(join(path, 'kitty-ops', `${id}.jsonl`))
    expect(await show(id.slice(-8))).toMatchObject(is(id))
    const answer = await jsonIn(path, ['ops', 'restore', id.slice(-8).toLowerCase()])
    expect(answer).toMatchObject({ status: 0, json: { restored: [{ invocation_id: id }] } })
  })

  it('closes an Op, also one of another work tree', async () => {
    const id = await openIn(path, ['do', 'x'], PERSON)
    await repository.git('commit', '-q', '--allow-empty', '-m', 'One')
    const tree = `${path}-tree`
    await repository.git('worktree', 'add', '-q', tree)
    const there = await openIn(tree, ['do', 'y'], PERSON)
    const closed = (invocation_id: string) => ({ status: 0, json: { invocation_id } })
    expect(await complete(id.slice(-6), PERSON)).toMatchObject(closed(id))
    expect(await show(there.slice(-6))).toMatchObject(is(there))
    expect(await complete(there.slice(-6), PERSON)).toMatchObject(closed(there))
    expect(await complete(there.slice(-6), PERSON, tree)).toMatchObject(closed(there))
  })

  it('needs eight characters from an agent or a script that closes an Op', async () => {
    const id = await openIn(path, ['do', 'x'], AGENT)
    for (const options of [AGENT, {}]) {
      expect(await complete(id.slice(-7), options)).toMatchObject(failed('ID_REQUIRED', id))
    }
    expect(await complete(id.slice(-8), AGENT)).toMatchObject({ json: { invocation_id: id } })
  })
})

describe('@last', () => {
  it('is the newest Op of this checkout: open, closed, archived, or only in HEAD', async () => {
    expect(await show('@last')).toMatchObject({
      status: 1,
      json: { error: { code: 'OP_NOT_FOUND', message: expect.stringContaining('@last is the') } },
    })
    await put(A)
    expect(await show('@last')).toMatchObject(is(A))
    const id = await openIn(path)
    expect(await show('@LAST')).toMatchObject(is(id))
    await complete(id)
    await rm(join(path, 'kitty-ops', `${id}.jsonl`))
    expect(await show('@last')).toMatchObject(is(id))
    const answer = await jsonIn(path, ['ops', 'restore', '@last'])
    expect(answer.json).toMatchObject({ restored: [{ invocation_id: id }] })
    const newer = await openIn(path)
    expect(await show('@last')).toMatchObject(is(newer))
  })

  it('closes the newest open Op that a person opened here', async () => {
    expect(await complete('@last', PERSON)).toMatchObject({
      status: 1,
      json: {
        error: {
          code: 'NOTHING_OPEN',
          message:
            '@last is the newest open Op that you opened here, and there is none. No Op is open here.',
        },
      },
    })
    const [first, second] = [
      await openIn(path, ['do', 'x'], PERSON),
      await openIn(path, ['do', 'y'], PERSON),
    ]
    const agents = await openIn(path, ['do', 'z'], AGENT)
    await put(parseOpId('09ZZZZZZZZZZZZZZZZZZZZZZZZ'))
    expect(await complete('@last', PERSON)).toMatchObject({ json: { invocation_id: second } })
    const older = await jsonIn(
      path,
      ['profile-invocation', 'complete', '--invocation-id', '@Last', '--outcome', 'done'],
      PERSON,
    )
    expect(older).toMatchObject({ status: 0, json: { invocation_id: first } })
    const held = await complete('@last', PERSON)
    expect(held).toMatchObject(failed('OPEN_BUT_HELD', agents))
    expect(held.json).toMatchObject({
      error: { message: expect.stringMatching(/^@last is the newest .* could be someone else's/) },
    })
  })

  it('closes nothing for an agent or a script, which must name its Op', async () => {
    const id = await openIn(path, ['do', 'x'], AGENT)
    for (const options of [AGENT, {}]) {
      expect(await complete('@last', options)).toMatchObject(failed('ID_REQUIRED', id))
    }
  })
})

describe('a unique prefix', () => {
  const BOLD = '\u001b[1m'
  const END = '\u001b[22m'
  const marked = (id: string, length: number) =>
    `${BOLD}${id.slice(0, length)}${END}\u001b[2m${id.slice(length)}`

  it('is highlighted in a list and in candidates, on a terminal with colours alone', async () => {
    const far = parseOpId('01H0000000000000000000000Z')
    for (const id of [A, B, far]) await put(id)
    const list = await runIn(path, ['ops', 'list', '--columns', 'id,action'], PERSON)
    // A and B differ in their 21st character, and the third one from both in its third.
    expect(list.stdout).toContain(marked(A, 21))
    expect(list.stdout).toContain(marked(B, 21))
    expect(list.stdout).toContain(marked(far, 3))
    const narrow = await runIn(path, ['ops', 'list'], { terminal: true, columns: 80 })
    expect(narrow.stdout).toContain(`${BOLD}${A.slice(0, 21)}${END}`)
    const { stderr } = await runIn(path, ['ops', 'show', '01K6'], PERSON)
    expect(stderr).toContain(`  ${BOLD}${A.slice(0, 21)}${END}`)
    for (const argv of [
      ['ops', 'list'],
      ['ops', 'show', '01K6'],
    ]) {
      const plain = [
        await runIn(path, argv),
        await runIn(path, argv, { terminal: true, variables: { NO_COLOR: '1' } }),
        await runIn(path, [...argv, '--no-color'], PERSON),
      ]
      for (const { stdout, stderr: errors } of plain) {
        expect(`${stdout}${errors}`).not.toContain('\u001b')
        expect(`${stdout}${errors}`).toContain(A)
      }
    }
  })

  it('is unique among all Ops here, not among the shown ones', async () => {
    await put(A)
    await put(B, openRecordText({ id: B }))
    const argv = ['ops', 'list', '--status', 'open', '--columns', 'id,action']
    const { stdout } = await runIn(path, argv, PERSON)
    expect(stdout).toContain(marked(B, 21))
    const refused = await runIn(path, ['ops', 'complete', '--outcome', 'done'], PERSON)
    expect(refused.stderr).toContain(`  ${BOLD}${B.slice(0, 21)}${END}`)
  })

  it('leaves JSON as it is', async () => {
    await put(A)
    const { stdout } = await runIn(path, ['ops', 'list', '--json'], PERSON)
    expect(stdout).not.toContain('\u001b')
    expect(JSON.parse(stdout)).toMatchObject({ ops: [{ invocation_id: A }] })
  })
})
