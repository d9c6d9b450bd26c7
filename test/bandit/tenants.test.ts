import { expect, test } from 'vitest'
import { createKey, keyFromCallerId, uniformFromKey } from '../../bandit/random.ts'
import { isOfTenant, keyOfTenant } from '../../bandit/tenants.ts'

const fixed = createKey((count) => Buffer.from(Array.from({ length: count }, (_, at) => 200 + at)))

test("a tenant's mark is the first three bytes of a digest, in place of the last of the key", () => {
  // printf 'tenant shop' | sha256sum
  const bytes = Buffer.from(keyOfTenant(fixed, 'shop'), 'base64url').toString('hex')
  expect(bytes).toBe('c8c9cacbcccdcecfd013b8f4')
})

test('it draws the same arm, and is of nobody else', () => {
  for (const key of [fixed, keyFromCallerId('digits', 'order-9')]) {
    const [shop, blog] = [keyOfTenant(key, 'shop'), keyOfTenant(key, 'blog')]
    expect(new Set([key, shop, blog]).size).toBe(3)
    expect([shop, blog].map(uniformFromKey)).toEqual([uniformFromKey(key), uniformFromKey(key)])
    expect([isOfTenant(shop, 'shop'), isOfTenant(blog, 'shop'), isOfTenant(key, 'shop')]).toEqual([
      true,
      false,
      false,
    ])
    expect(keyOfTenant(key, undefined)).toBe(key)
  }
})
