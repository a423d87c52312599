import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lintTools } from '../../graphs/lint-tools.ts'
import { defineSpecialist, toolsOf } from '../../graphs/specialist.ts'
import { loadSpecialists } from '../../graphs/specialists.ts'
import type { Systems } from '../../graphs/systems.ts'
import { defineEffectTool, defineReadTool, type Tool } from '../../graphs/tool.ts'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { loadPolicies } from '../../src/effects/policy-file.ts'
import { untestedTools } from '../../src/untested-tools.ts'
import { scratch } from '../app.ts'
import { log } from '../database/contract.ts'

// The shipped tools ask nothing of the systems until they are called.
const none = {} as Systems

function looking(name: string, description: string, schema = z.strictObject({})): Tool {
  const run = async () => ({ say: '' })
  return defineReadTool({ name, description, schema, assurance: 'verified', timeoutMs: 1_000, logs: [], run })
}

function acting(name: string, policy: string): Tool {
  return defineEffectTool({
    name,
    description: `Does what ${name} says, and nothing else.`,
    effect: 'write',
    schema: z.strictObject({}),
    assurance: 'verified',
    timeoutMs: 1_000,
    logs: [],
    policy,
    facts: async () => ({}),
    precondition: () => null,
    object: () => 'a:1',
    businessKey: () => 'a:1',
    proposal: () => 'do it',
    run: async () => null,
    lookUp: async () => null,
    receipt: () => 'Done.',
  })
}

function having(name: string, ...tools: Tool[]) {
  return defineSpecialist({
    name,
    description: `Handles everything about ${name}.`,
    examples: [`a question about ${name}`, `another about ${name}`],
    knowledge: [name],
    systemPrompt: 'You answer questions about it.',
    tools: () => tools,
  })
}

const policies = new Set(['refund'])

describe('the tools of all specialists', () => {
  test('are well as they are shipped', async () => {
    const named = (await loadPolicies()).flatMap((version) => Object.keys(version.policies))
    expect(lintTools(await loadSpecialists(), none, new Set(named))).toEqual([])
  })

  test('do not overlap in what one specialist’s model reads', () => {
    const one = looking('find_parcel', 'Finds a parcel of the customer by its number.')
    const two = looking('look_up_parcel', 'Looks up the parcel of a customer by number.')
    expect(lintTools([having('returns', one, two)], none, policies)).toEqual([
      { tool: 'find_parcel', problem: expect.stringContaining('look_up_parcel') },
    ])
    expect(lintTools([having('returns', one), having('billing', two)], none, policies)).toEqual([])
  })

  test('mean the same wherever they have the same name', () => {
    const here = looking('find_parcel', 'Finds a parcel of the customer by its number.')
    const there = looking('find_parcel', 'Finds a parcel by its number.', z.strictObject({ parcel: z.string() }))
    expect(lintTools([having('returns', here), having('billing', there)], none, policies)).toEqual([
      { tool: 'find_parcel', problem: expect.stringMatching(/^returns and billing mean different tools/) },
    ])
    const same = looking('find_parcel', 'Finds a parcel of the customer by its number.')
    expect(lintTools([having('returns', here), having('billing', same)], none, policies)).toEqual([])
  })

  test('change nothing that no policy could ever allow', async () => {
    const specialists = [having('warranty', acting('refund_repair', 'refund'), acting('scrap_device', 'scrapping'))]
    const problem = 'there is no policy scrapping: nothing would be allowed'
    expect(lintTools(specialists, none, policies)).toEqual([{ tool: 'scrap_device', problem }])
    const config = loadConfig({ DATABASE_URL: `file:${scratch()}/baton.db`, LOG_LEVEL: 'silent' })
    await expect(createApp(config, { specialists, log })).rejects.toMatchObject({
      code: 'tools.unfit',
      message: expect.stringContaining(`scrap_device: ${problem}`),
    })
  })

  test('look at nothing that is a customer’s before it is sure whose', async () => {
    const tools = (await loadSpecialists()).flatMap((specialist) => [...toolsOf(specialist, none).values()])
    const open = tools.filter(({ assurance }) => assurance !== 'verified').map(({ name }) => name)
    expect(open).toEqual(['check_service_status'])
  })

  test('have short descriptions and no argument that says who the customer is', async () => {
    const tools = (await loadSpecialists()).flatMap((specialist) => [...toolsOf(specialist, none).values()])
    expect(tools.filter(({ description }) => description.length > 160).map(({ name }) => name)).toEqual([])
    const fields = tools.flatMap(({ schema }) => Object.keys((schema as z.ZodObject).shape))
    expect(fields.filter((field) => /customer|user|principal/i.test(field))).toEqual([])
  })
})

describe('a tool without a test', () => {
  test('is none that is shipped', async () => {
    const names = (await loadSpecialists()).flatMap((specialist) => [...toolsOf(specialist, none).keys()])
    expect(new Set(names).size).toBeGreaterThanOrEqual(16)
    expect(await untestedTools(names, fileURLToPath(new URL('..', import.meta.url)))).toEqual([])
  })

  test('is found by its name, in tests of code and in conversations, and in nothing else', async () => {
    const folder = scratch()
    mkdirSync(join(folder, 'deep'))
    writeFileSync(join(folder, 'deep', 'a.test.ts'), "look('find_parcel')")
    writeFileSync(join(folder, 'talk.yaml'), 'tools: [weigh_parcel]')
    writeFileSync(join(folder, 'notes.ts'), '// send_parcel')
    const names = ['find_parcel', 'weigh_parcel', 'send_parcel', 'weigh', 'send_parcel']
    expect(await untestedTools(names, folder)).toEqual(['send_parcel', 'weigh'])
    expect(await untestedTools(names, join(folder, 'none'))).toEqual([])
  })
})
