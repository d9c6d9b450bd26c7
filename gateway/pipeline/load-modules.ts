import { pathToFileURL } from 'node:url'
import { StartFault } from '../start-fault.ts'
import type { PipelineConfig } from './pipeline-config.ts'
import type { StepModule, StepModules } from './step-module.ts'

/**
 * The modules that an endpoint's steps name.
 *
 * @throws StartFault when one cannot be loaded, or does not export what it is there for
 */
export async function loadModules({ preprocess, postprocess = [] }: PipelineConfig): Promise<StepModules> {
  const wanted: (readonly [file: string, name: keyof StepModule])[] = []
  if (preprocess?.module !== undefined) wanted.push([preprocess.module.file, 'before'])
  for (const step of postprocess) if (step.kind === 'module') wanted.push([step.file, 'after'])
  const modules = new Map<string, StepModule>()
  for (const [file, name] of wanted) {
    const module = await load(file)
    if (typeof module[name] !== 'function')
      throw new StartFault(`${file} has to export a function ${name}: add it`)
    modules.set(file, module)
  }
  return modules
}

async function load(file: string): Promise<StepModule> {
  try {
    return (await import(pathToFileURL(file).href)) as StepModule
  } catch (error) {
    throw new StartFault(`the module ${file} cannot be loaded: ${(error as Error).message}`, { cause: error })
  }
}
