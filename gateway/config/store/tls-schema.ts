import * as z from 'zod'

const text = z.string().min(1)

export const storeTls = z.strictObject({
  ca: text.optional().meta({ description: 'PEM file of who vouches for the server' }),
  cert: text.optional().meta({ description: 'PEM file of what the gateway shows of itself' }),
  key: text.optional().meta({ description: 'PEM file of its private key' }),
  server_name: text.optional().meta({ description: "What the server's certificate is made out for" }),
})
