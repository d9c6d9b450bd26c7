import { Command } from 'commander'
import packageFile from '../package.json' with { type: 'json' }
import { batchCommand } from './batch.ts'
import { checkpointCommand } from './checkpoint.ts'
import { configCommand } from './config.ts'
import { demoCommand } from './demo.ts'
import { evaluateCommand } from './evaluate.ts'
import { explainCommand } from './explain.ts'
import { exportCommand } from './export.ts'
import { keysCommand } from './keys.ts'
import { serveCommand } from './serve.ts'
import { simulateCommand } from './simulate.ts'
import { workerCommand } from './worker.ts'

/** The whole command line. Errors of usage are thrown as CommanderError, after their line has been printed. */
export const createProgram = (): Command => {
  const program = new Command('bandit')
    .description(packageFile.description)
    .version(packageFile.version)
    .showHelpAfterError('(bandit --help lists the commands, bandit <command> --help its options)')
    .exitOverride()
  for (const command of [
    serveCommand(),
    configCommand(),
    keysCommand(),
    workerCommand(),
    demoCommand(),
    batchCommand(),
    evaluateCommand(),
    explainCommand(),
    exportCommand(),
    checkpointCommand(),
    simulateCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program))
  }
  return program
}
