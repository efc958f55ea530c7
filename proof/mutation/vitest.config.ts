// The tests that Stryker runs: those that KITTY_MUTATION_TESTS names by the beginnings of their paths.
const conditions = ['@kitty/source', 'module', 'node', 'development|production']
const beginnings: string[] = JSON.parse(process.env.KITTY_MUTATION_TESTS ?? '[]')

export default {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: beginnings.flatMap((each) =>
      each.endsWith('.ts') ? each : [`${each}*.test.ts`, `${each}/**/*.test.ts`],
    ),
    exclude: ['**/*.long.test.ts'],
    globalSetup: './internal/test-kit/src/global-setup.ts',
    setupFiles: ['./internal/test-kit/src/setup.ts', './proof/mutation/fewer-cases.mjs'],
    isolate: false,
    testTimeout: 60_000,
  },
}
