import { resolve } from 'node:path'
import { Command } from 'commander'

export const configCommand = (): Command =>
  new Command('config')
    .description('what configurations may say, and whether one is valid')
    .addCommand(
      new Command('check')
        .description('report every fault of a configuration file at once, or none; nothing is started')
        .argument('<file>', 'the configuration, YAML')
        .action(async (file: string) => {
          const [{ loadConfig }, { findVersion }] = await Promise.all([
            import('../gateway/load-config.ts'),
            import('../gateway/repository/find-version.ts'),
          ])
          const { endpoints, models } = await loadConfig(file)
          const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')
          console.log(`${file} is valid: endpoints ${named(endpoints)}; models ${named(models)}`)
          for (const { name, onnx } of models) {
            if ((await findVersion(onnx)) !== undefined) continue
            console.error(`but on this machine there is no model file at ${onnx}, for models.${name}.onnx`)
          }
        }),
    )
    .addCommand(
      new Command('init')
        .description('print a configuration in which these models compete, with what each takes and answers')
        .argument('<files...>', 'the models, ONNX')
        .option('--endpoint <name>', 'what requests ask for', 'task')
        .action(async (files: string[], { endpoint }: { endpoint: string }) => {
          const [{ readModels }, { writeConfig }] = await Promise.all([
            import('./config/read-models.ts'),
            import('./config/write-config.ts'),
          ])
          const models = await readModels(files.map((file) => resolve(file)))
          process.stdout.write(writeConfig(models, { endpoint, folder: process.cwd() }))
        }),
    )
    .addCommand(
      new Command('schema')
        .description('print a JSON Schema of configurations, for editors')
        .action(async () => {
          const { configJsonSchema } = await import('../gateway/config/json-schema.ts')
          console.log(JSON.stringify(configJsonSchema(), undefined, 2))
        }),
    )
