// The tickets as a process that a client starts and speaks to over its standard streams.
import { existsSync, writeFileSync } from 'node:fs'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { tickets } from './tickets.ts'

const [file = ''] = process.argv.slice(2)
if (existsSync(`${file}.down`)) process.exit(1)
writeFileSync(`${file}.pid`, String(process.pid))
serveStdio(() => tickets(file))
