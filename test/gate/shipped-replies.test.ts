import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { toolsOf } from '../../graphs/specialist.ts'
import { loadSpecialists } from '../../graphs/specialists.ts'
import type { Systems } from '../../graphs/systems.ts'
import { visit } from '../acting/visit.ts'

const frontMatter = z.looseObject({ questions: z.array(z.string()).optional(), title: z.string() })
const gateDecided = z.object({ outcome: z.string(), problems: z.array(z.string()) })

/** The first question that each article answers, in its customers' words. */
function articleQuestions(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => {
      const { questions, title } = frontMatter.parse(
        parse(readFileSync(join(folder, path), 'utf8').split('---\n')[1] ?? ''),
      )
      return questions?.[0] ?? title
    })
}

/** A request that each tool is for. */
async function toolRequests(): Promise<string[]> {
  const specialists = await loadSpecialists()
  const tools = specialists.flatMap((specialist) => [...toolsOf(specialist, {} as Systems).values()])
  return tools.flatMap(({ offline }) => offline?.examples.slice(0, 1) ?? [])
}

const decisions = async (app: Awaited<ReturnType<typeof visit>>['app']) =>
  (await app.db.selectFrom('events').select('data').where('type', '=', 'gate-decided').execute()).map(({ data }) =>
    gateDecided.parse(JSON.parse(data)),
  )
const everyOther = <T>(all: T[], from: 0 | 1) => all.filter((_, index) => index % 2 === from)

test('nothing that the shipped articles, tools and templates say is held back or written anew', async () => {
  const guest = await visit('offline', 'cus_1001')
  const asked = [...everyOther(articleQuestions(guest.app.config.articlesDir), 0), ...(await toolRequests())]
  expect(asked.length).toBeGreaterThan(50)
  for (const text of asked) expect((await guest.customer.say(text)).status, text).toBe(200)
  expect(await decisions(guest.app)).toEqual([])
  const claims = await guest.app.db.selectFrom('events').select('seq').where('type', '=', 'claim-made').execute()
  expect(claims.length).toBeGreaterThan(asked.length / 2)
}, 120_000)

test('in one long conversation nothing contradicts what was said in it', async () => {
  const guest = await visit('offline', 'cus_1004')
  const asked = everyOther(articleQuestions(guest.app.config.articlesDir), 1)
  for (const text of asked) await guest.say(text)
  expect(await decisions(guest.app)).toEqual([])
  const { messages } = await guest.thread()
  expect(messages.filter(({ text }) => text.includes('This has changed since'))).toEqual([])
}, 120_000)
