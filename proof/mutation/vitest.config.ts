// The tests that Stryker runs: those that KITTY_MUTATION names by the beginnings of their paths.
import { fileURLToPath } from 'node:url'

const conditions = ['@kitty/source', 'module', 'node', 'development|production']
const { tests, setup }: Record<'tests' | 'setup', string[]> = JSON.parse(
  process.env.KITTY_MUTATION ?? '{"tests":[],"setup":[]}',
)

const bundled = new URL('../../node_modules/.bundled/', import.meta.url)
const alias = {
  'zod/mini': fileURLToPath(new URL('zod-mini.mjs', bundled)),
  'fast-check': fileURLToPath(new URL('fast-check.mjs', bundled)),
}

export default {
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    include: tests.flatMap((each) =>
      each.endsWith('.ts') ? each : [`${each}*.test.ts`, `${each}/**/*.test.ts`],
    ),
    exclude: ['**/*.long.test.ts'],
    globalSetup: './internal/test-kit/src/global-setup.ts',
    setupFiles: setup.map((path) => `./${path}`),
    isolate: false,
    testTimeout: 60_000,
  },
}
