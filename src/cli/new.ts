import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError } from 'commander'
import { isTaken } from '../../graphs/specialists.ts'
import { AppError } from '../errors.ts'
import { filesOfSpecialist } from './specialist-files.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `baton new …`: the files that something new begins with. */
export function addNewCommands(program: Command): void {
  program
    .command('new')
    .description('begin something new')
    .command('specialist')
    .description('a specialist: its file, an article, and a conversation test that fails until it is filled in')
    .argument('<name>', 'kebab-case, such as warranty', checkName)
    .option('--into <folder>', 'the project’s root', ROOT)
    .option('--json', 'the files as one JSON array on stdout')
    .action((name: string, { into, json }: { into: string; json?: boolean }) => {
      const files = newSpecialist(name, into)
      if (json) process.stdout.write(`${JSON.stringify(files)}\n`)
      else process.stdout.write(`${files.join('\n')}\n`)
      process.stderr.write(
        `Next: fill in what the files say, then\n  npx vitest run ${files.at(-1)}\n  npm start\ndocs/adding-a-specialist.md walks through it.\n`,
      )
    })
}

function checkName(name: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new InvalidArgumentError('kebab-case, such as warranty or store-pickup.')
  if (isTaken(name)) throw new InvalidArgumentError('this name has a meaning of its own.')
  return name
}

/** Writes the files, all or none. @returns their paths in `folder` @throws {AppError} where one of them is there already */
function newSpecialist(name: string, folder: string): string[] {
  if (!existsSync(join(folder, 'graphs', 'specialists')))
    throw new AppError('new.no_project', 400, `There is no graphs/specialists in ${folder}.`)
  const files = filesOfSpecialist(name).map(({ path, text }) => ({ path: join(folder, path), text }))
  const there = files.filter(({ path }) => existsSync(path)).map(({ path }) => relative(folder, path))
  if (there.length > 0)
    throw new AppError('new.exists', 409, `There already: ${there.join(', ')}. Nothing was written.`)
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { flag: 'wx' })
  }
  return files.map(({ path }) => relative(folder, path))
}
