import type { VariableSpec } from './spec.ts'

export const endpoint: VariableSpec = {
  name: 'endpoint',
  label: 'Endpoint',
  series: 'bandit_arm_share',
  several: false,
}

export const arm: VariableSpec = {
  name: 'arm',
  label: 'Arm',
  series: 'bandit_arm_share{endpoint="$endpoint"}',
  several: true,
}

export const model: VariableSpec = {
  name: 'model',
  label: 'Model',
  series: 'bandit_worker_up',
  several: true,
}
