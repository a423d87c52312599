import { Command, CommanderError } from 'commander'
import { addChatCommand } from './cli/chat.ts'
import { addDemoCommands } from './cli/demo.ts'
import { addEvalCommands } from './cli/evaluate.ts'
import { addGapsCommand } from './cli/gaps.ts'
import { addKnowledgeCommands } from './cli/knowledge.ts'
import { addNewCommands } from './cli/new.ts'
import { addRecallCommand } from './cli/recall.ts'
import { addRouteCommand } from './cli/route.ts'
import { addServeCommand } from './cli/serve.ts'
import { addSimulateCommand } from './cli/simulate.ts'
import { addTestFromCommand } from './cli/test-from.ts'
import { AppError } from './errors.ts'

const program = new Command('baton')
  .description('Customer service as one conversation: specialists, knowledge, channels and people.')
  .version('0.1.0')
  .showHelpAfterError('(--help shows what there is)')
  .exitOverride()
  .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) })

addServeCommand(program)
addChatCommand(program)
addKnowledgeCommands(program)
addRouteCommand(program)
addNewCommands(program)
addEvalCommands(program)
addRecallCommand(program)
addGapsCommand(program)
addSimulateCommand(program)
addTestFromCommand(program)
addDemoCommands(program)
inherit(program)

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
// A timer or a connection that a part left behind must not keep the shell waiting; what was said gets out first.
process.stdout.write('', () => process.exit())

/** Subcommands do not take over what their parent was told about exits. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inherit(child)
  }
}

/** 0: help was asked for; 1: what was checked fell short or an input failed; 2: the call itself is wrong. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`)
    return 1
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
}
