import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { VariableSpec } from '../spec.ts'
import { source } from './source.ts'

export function renderSourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus')
}

export function renderVariable({ name, label, series, several }: VariableSpec): QueryVariableBuilder {
  const query = `label_values(${series}, ${name})`
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(source)
    // 1: label values, for Grafana's editor.
    .query({ query, refId: name, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
  if (!several) return variable
  return variable
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] })
}
