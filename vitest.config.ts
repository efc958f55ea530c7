import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests import source, not build output: every package names its source under this condition.
const conditions = ['@kitty/source', 'module', 'node', 'development|production']

const projectsIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => ({
    extends: true as const,
    test: { name, include: [`${folder}/${name}/test/**/*.test.ts`] },
  }))

const floor = { lines: 95, branches: 90 }
const packages = readdirSync(new URL('packages', import.meta.url))

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [...projectsIn('packages'), ...projectsIn('examples'), ...projectsIn('internal')],
    setupFiles: ['./internal/test-kit/src/setup.ts', './scripts/no-console.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(packages.map((name) => [`packages/${name}/src/**`, floor])),
    },
  },
})
