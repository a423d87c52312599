import { existsSync, readFileSync } from 'node:fs'

/** The rows of a labelled set that stands beside this file. */
export function ownRows<Row>(name: string): Row[] {
  return read<Row>(new URL(name, import.meta.url))
}

const shared = new URL('../../../shared/data/', import.meta.url)

/** Whether the development data is on this machine. */
export const hasShared = existsSync(new URL('routing.dev.jsonl', shared))

/** The rows of a file of the development data. */
export function sharedRows<Row>(name: string): Row[] {
  return read<Row>(new URL(name, shared))
}

function read<Row>(file: URL): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}
