import { type Command, InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import { AppError } from '../errors.ts'
import { parseJsonLines, readInput } from './json-lines.ts'

type Bound = [name: string, value: number]

/** What every command that prints figures can be told. */
export interface FigureOptions {
  json?: boolean
  min?: Bound[]
  max?: Bound[]
}

/** Gives a command the options that every command with figures has. */
export function withFigures(command: Command): Command {
  return command
    .option('--json', 'one JSON object on stdout')
    .option('--min <name=value>', 'exit 1 when this figure is lower (repeatable)', bound)
    .option('--max <name=value>', 'exit 1 when this figure is higher (repeatable)', bound)
}

/** The rows of a labelled file. @throws {AppError} when a row does not fit or there is none. */
export async function readRows<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const { rows, problems } = parseJsonLines(await readInput(file), schema)
  if (problems.length > 0) throw new AppError('eval.bad_file', 400, `${file}\n  ${problems.slice(0, 20).join('\n  ')}`)
  if (rows.length === 0) throw new AppError('eval.empty_file', 400, `${file} has no rows.`)
  return rows
}

function bound(text: string, before: Bound[] = []): Bound[] {
  const [name, value] = text.split('=')
  const limit = Number(value)
  if (!name || value === undefined || value === '' || Number.isNaN(limit))
    throw new InvalidArgumentError('name=value, such as accuracy=0.9')
  return [...before, [name, limit]]
}

/** Prints the figures and checks what they were asked to reach: the exit code is 1 where one falls short. */
export function conclude(figures: object, { json, min = [], max = [] }: FigureOptions, command: Command): void {
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : table(figures))
  const check = (name: string, misses: (value: number) => string | false) => {
    const value = name
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], figures)
    if (typeof value !== 'number') command.error(`error: there is no figure ${name}`)
    const miss = misses(value)
    if (!miss) return
    process.stderr.write(`${name} is ${value}, ${miss}\n`)
    process.exitCode = 1
  }
  for (const [name, least] of min) check(name, (value) => value < least && `below ${least}`)
  for (const [name, most] of max) check(name, (value) => value > most && `above ${most}`)
}

function table(figures: object, indent = ''): string {
  return Object.entries(figures)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${indent}${name}\n${table(value, `${indent}  `)}`
        : `${indent}${name.padEnd(24 - indent.length)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value}\n`,
    )
    .join('')
}
