/** The data source that the reader picks at the top of the dashboard. */
export const source = { type: 'prometheus', uid: '${datasource}' }

/** Dashboards find each other by this. */
export const tag = 'bandit-gateway'
