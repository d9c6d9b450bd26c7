import type { FeatureSourceConfig } from '../config/features/features.ts'
import type { PreprocessConfig } from '../config/pipeline/pipeline.ts'
import type { PostStepConfig } from '../config/pipeline/postprocess.ts'

export interface PipelineConfig {
  readonly preprocess?: PreprocessConfig
  readonly postprocess?: readonly PostStepConfig[]
  /** Requests hold their keys, and may bring the features themselves. */
  readonly features?: readonly Pick<FeatureSourceConfig, 'keys' | 'features'>[]
}
