import { armPerformance } from './arm-performance.ts'
import { learningAndFeedback } from './learning-and-feedback.ts'
import { modelMonitoring } from './model-monitoring.ts'
import { servingHealth } from './serving-health.ts'
import type { DashboardSpec } from './spec.ts'

export const dashboards: readonly DashboardSpec[] = [
  armPerformance,
  servingHealth,
  learningAndFeedback,
  modelMonitoring,
]
