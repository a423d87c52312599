#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { register } from 'tsx/esm/api'

// What the environment already says wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env')
register()
await import('../src/cli.ts')
