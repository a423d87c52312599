import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Result } from '../simulate/simulate.ts'

interface Options {
  only?: string[]
  repeat: number
  seed: number
  without?: ('router' | 'gate' | 'ledger')[]
  live?: boolean
  record?: string
  junit?: string
  json?: boolean
}

/** `baton simulate`: tests of whole conversations. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('conversation tests in YAML, each against the real application with a database of its own')
    .argument('<file...>', 'files, folders or globs')
    .option('--only <name>', 'only tests with this in their name (repeatable)', collect)
    .option('--repeat <n>', 'play each test so often and print pass^1 to pass^n', number(1, 100), 1)
    .option('--seed <n>', 'varies the typing errors of those who make some', number(0, 1_000_000), 0)
    .addOption(
      new Option('--without <part>', 'switch a part off, to see what it is there for (repeatable)')
        .choices(['router', 'gate', 'ledger'])
        .argParser(collectPart),
    )
    .option('--live', 'with the model of the environment instead of the offline or the recorded one')
    .option('--record <file>', 'as --live, and keep the model’s answers for `recording:` (YAML)')
    .option('--junit <file>', 'write JUnit’s XML')
    .option('--json', 'one JSON object on stdout')
    .action(run)
}

async function run(files: string[], options: Options): Promise<void> {
  const config = loadConfig()
  const live = options.live === true || options.record !== undefined
  if (live && !config.models)
    throw new AppError('simulate.no_model', 400, 'There is no model: set OPENAI_API_KEY or OPENAI_BASE_URL.')
  const [{ loadScenarios }, { simulate, passHatK }, { resultText, junitXml }, { createRecording }, { missingFacts }] =
    await Promise.all([
      import('../simulate/load-scenarios.ts'),
      import('../simulate/simulate.ts'),
      import('../simulate/report.ts'),
      import('../simulate/recording.ts'),
      import('../simulate/scenario.ts'),
    ])
  const { only, repeat, seed, without, json } = options
  const all = await loadScenarios(files)
  const named = only ? all.filter(({ test }) => only.some((name) => test.includes(name))) : all
  const scenarios = named.filter((each) => missingFacts(each).length === 0)
  for (const each of named)
    if (!scenarios.includes(each))
      process.stderr.write(`– ${each.test}: left out, it needs ${missingFacts(each).join(', ')}\n`)
  if (scenarios.length === 0) throw new AppError('simulate.none', 400, 'No test has this in its name.')
  const recording = options.record === undefined ? undefined : createRecording(options.record)
  const results = await simulate(config, scenarios, {
    repeat: recording ? 1 : repeat,
    seed,
    live,
    without,
    onAnswer: recording?.add,
    onResult: (result) => void (json || process.stdout.write(resultText(result))),
  })
  await recording?.write()
  if (options.junit) await writeFile(options.junit, junitXml(results))
  const passed = results.filter(({ ok }) => ok).length
  const chances = passHatK(results, repeat)
  if (json) process.stdout.write(`${JSON.stringify({ ...counts(results), passHatK: chances, results })}\n`)
  else {
    if (repeat > 1)
      process.stdout.write(`${chances.map((chance, i) => `pass^${i + 1} ${chance.toFixed(3)}`).join('  ')}\n`)
    process.stdout.write(`${passed} passed, ${results.length - passed} failed\n`)
  }
  if (passed < results.length) process.exitCode = 1
}

function counts(results: Result[]) {
  const passed = results.filter(({ ok }) => ok).length
  return { n: results.length, passed, failed: results.length - passed }
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function collectPart(value: string, before: string[] = []): string[] {
  if (!['router', 'gate', 'ledger'].includes(value)) throw new InvalidArgumentError('router, gate or ledger')
  return [...before, value]
}

function number(least: number, most: number) {
  return (text: string): number => {
    const n = Number(text)
    if (!Number.isInteger(n) || n < least || n > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`)
    return n
  }
}
