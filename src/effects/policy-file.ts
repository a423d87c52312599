import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Money } from '../../graphs/systems.ts'
import { parseMoney } from './money.ts'

const money = z.string().transform((text, context): Money => {
  const parsed = parseMoney(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'an amount such as EUR 50.00' })
  return z.NEVER
})

const day = z.iso
  .date({ error: "a day in quotes, such as '2026-01-01'" })
  .transform((text) => Date.parse(`${text}T00:00:00Z`))

const tier = z.strictObject({
  upTo: money.optional(),
  customerUpTo: money.optional(),
  approvals: z.union([z.literal(0), z.literal(1), z.literal(2)]),
})

const rule = z.strictObject({
  assurance: z.enum(['anonymous', 'claimed', 'verified']),
  perDay: z.number().int().min(1).optional(),
  approvals: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  money: z
    .strictObject({
      withinRemainder: z.boolean().optional(),
      tiers: z.array(tier).min(1),
      hour: z.strictObject({ above: money, approvals: z.union([z.literal(1), z.literal(2)]) }).optional(),
    })
    .optional(),
})

const file = z.strictObject({
  version: z.string().min(1),
  validFrom: day,
  policies: z.record(z.string().regex(/^[a-z]+(_[a-z]+)*$/, 'snake_case'), rule),
})

/** What one policy allows. */
export type PolicyRule = z.infer<typeof rule>

/** All policies as they are in force from an instant on, until the next version's. */
export type PolicyVersion = z.infer<typeof file>

const FOLDER = fileURLToPath(new URL('policies', import.meta.url))

/**
 * Reads every `*.yaml` of a folder as one version of the policies.
 * @returns the versions, the earliest first
 * @throws {Error} naming every problem of every file
 */
export async function loadPolicies(folder: string = FOLDER): Promise<PolicyVersion[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  return parsePolicies(
    await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') }))),
  )
}

/** The same from texts. @throws {Error} naming every problem of every file */
export function parsePolicies(files: { name: string; text: string }[]): PolicyVersion[] {
  const problems: string[] = []
  const versions: (PolicyVersion & { file: string })[] = []
  for (const { name, text } of files) {
    const parsed = file.safeParse(readYaml(text))
    if (parsed.success) versions.push({ ...parsed.data, file: name })
    else problems.push(...parsed.error.issues.map(({ path, message }) => `${name}: ${path.join('.')}: ${message}`))
  }
  for (const version of versions)
    for (const [name, { money, approvals }] of Object.entries(version.policies)) {
      const at = `${version.file}: policies.${name}`
      if (money && approvals !== undefined) problems.push(`${at}: approvals: the tiers of money say it`)
      if (money) problems.push(...moneyProblems(money).map((problem) => `${at}.money.${problem}`))
    }
  versions.sort((a, b) => a.validFrom - b.validFrom)
  for (const [i, { file, validFrom, version }] of versions.entries()) {
    const earlier = versions.slice(0, i)
    for (const other of earlier) {
      if (other.validFrom === validFrom) problems.push(`${file}: validFrom: the same day as in ${other.file}`)
      if (other.version === version) problems.push(`${file}: version: the same as in ${other.file}`)
    }
  }
  if (files.length === 0) problems.push('there are no policies')
  if (problems.length > 0) throw new Error(`The policies cannot be used:\n${problems.join('\n')}`)
  return versions.map(({ file: _, ...version }) => version)
}

function readYaml(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    return (error as Error).message
  }
}

/** More money may never need fewer people. */
function moneyProblems({ tiers, hour }: NonNullable<PolicyRule['money']>): string[] {
  const problems: string[] = []
  const amounts = [...tiers.flatMap(({ upTo, customerUpTo }) => [upTo, customerUpTo]), hour?.above].filter(
    (amount) => amount !== undefined,
  )
  if (new Set(amounts.map(({ currency }) => currency)).size !== 1)
    problems.push('tiers: amounts in one currency, at least one')
  for (const [i, current] of tiers.entries()) {
    const before = tiers[i - 1]
    if (!before) continue
    const at = `tiers.${i}`
    if (top(current.upTo) <= top(before.upTo)) problems.push(`${at}: upTo: above the tier before it`)
    if (top(current.customerUpTo) < top(before.customerUpTo))
      problems.push(`${at}: customerUpTo: not below the tier before it`)
    if (current.approvals <= before.approvals) problems.push(`${at}: approvals: more than the tier before it`)
  }
  return problems
}

function top(limit: Money | undefined): number {
  return limit?.minor ?? Number.POSITIVE_INFINITY
}
