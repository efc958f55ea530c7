#!/usr/bin/env node
// A file of its own, since a shell of Windows shows the program only which file was started.
require('./run.js')
