#!/usr/bin/env node
// A command line made with oclif: its own `summarize`, and all commands of spec-kitty, such as `reader ops list`.
import { execute } from '@oclif/core'

await execute({ dir: import.meta.url })
