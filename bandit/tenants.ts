import { hash } from 'node:crypto'

const tagBytes = 3

/**
 * The key of a decision with the mark of a tenant in its last three bytes. Its arm is drawn from the first 53 bits, which
 * stay, and so are 19 random ones. A decision is sealed into its id with its key, so that nobody takes the mark away.
 *
 * @param key of 12 bytes, as base64url
 */
export function keyOfTenant(key: string, tenant: string | undefined): string {
  // Three bytes are four characters.
  return tenant === undefined ? key : key.slice(0, -4) + tagOf(tenant)
}

export function isOfTenant(key: string, tenant: string): boolean {
  return key.endsWith(tagOf(tenant))
}

function tagOf(tenant: string): string {
  return hash('sha256', `tenant ${tenant}`, 'buffer').toString('base64url', 0, tagBytes)
}
