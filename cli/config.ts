import { Command } from 'commander'

export const configCommand = (): Command =>
  new Command('config')
    .description('what configurations may say, and whether one is valid')
    .addCommand(
      new Command('check')
        .description('report every fault of a configuration file at once, or none; nothing is started')
        .argument('<file>', 'the configuration, YAML')
        .action(async (file: string) => {
          const { loadConfig } = await import('../gateway/load-config.ts')
          const { endpoints, models } = await loadConfig(file)
          const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')
          console.log(`${file} is valid: endpoints ${named(endpoints)}; models ${named(models)}`)
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
