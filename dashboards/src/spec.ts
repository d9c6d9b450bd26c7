/**
 * What a dashboard says, as plain data: `render/` makes Grafana's JSON of it, and the tests ask Prometheus every
 * question in it.
 */
export interface DashboardSpec {
  /** Part of the dashboard's address, and the name of its file. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables: readonly VariableSpec[]
  readonly rows: readonly RowSpec[]
}

/** A name that the reader picks values for; `$name` in the queries. */
export interface VariableSpec {
  readonly name: string
  readonly label: string
  /** Series whose `name` label holds the values. */
  readonly series: string
  /** Several values at once, all of them at first. */
  readonly several: boolean
}

export interface RowSpec {
  readonly title: string
  readonly panels: readonly PanelSpec[]
}

/**
 * lines: one line a series; shares: stacked to 100 %; stacked: stacked as they are; band: the series `low` and `high`
 * bound an area; heatmap: buckets of a histogram; value: the newest value in large type.
 */
export type PanelKind = 'lines' | 'shares' | 'stacked' | 'band' | 'heatmap' | 'value'

export type Unit = 'percentunit' | 'short' | 's' | 'bytes' | 'reqps' | 'eps' | 'ops' | 'none'

export interface PanelSpec {
  readonly kind: PanelKind
  readonly title: string
  readonly description: string
  readonly unit: Unit
  /** Of 24 columns; those of a line of panels add up to 24. */
  readonly width: number
  readonly queries: readonly QuerySpec[]
  /** From these values upwards it deserves a look, and a hurry. */
  readonly limits?: { readonly warn: number; readonly bad: number; readonly good?: 'high' | 'low' }
  readonly min?: number
  readonly max?: number
  readonly decimals?: number
  /** One panel for each value of this variable. */
  readonly repeat?: string
}

export interface QuerySpec {
  /** Grafana's pattern: `{{arm}}`. */
  readonly legend: string
  readonly expr: string
  /** Also asks for exemplars, which lead to traces; of a histogram. */
  readonly exemplars?: boolean
  /** Why a gateway that is well has no such series; absent where there must always be data. */
  readonly emptyWhenHealthy?: string
}

export interface AnnotationSpec {
  readonly name: string
  readonly colour: string
  readonly expr: string
  readonly title: string
  readonly text: string
  /** The series' value is the moment, in milliseconds; otherwise every sample is one. */
  readonly valueIsTime?: boolean
  readonly emptyWhenHealthy?: string
}
