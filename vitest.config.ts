import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests import source instead of build output: every package exports its source under this condition.
const conditions = ['@kitty/source', 'module', 'node', 'development|production']

const foldersIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

const project = (name: string, folder: string) => ({
  extends: true as const,
  test: { name, include: [`${folder}/test/**/*.test.ts`] },
})

const projectsIn = (folder: string) =>
  foldersIn(folder).map((name) => project(name, `${folder}/${name}`))

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      ...['packages', 'internal', 'examples'].flatMap(projectsIn),
      project('scripts', 'scripts'),
      project('proof', 'proof'),
    ],
    globalSetup: './internal/test-kit/src/global-setup.ts',
    setupFiles: ['./internal/test-kit/src/setup.ts', './scripts/no-console.ts'],
    // Let output reach the real streams, where no-console.ts finds it.
    disableConsoleIntercept: true,
    // Run one worker per processor; the files of a worker share one module graph.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary'],
    },
  },
})
