#!/usr/bin/env node
// Plain JavaScript of old, so that a Node that cannot run the rest can say so.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `bandit-gateway needs Node 24.12 or newer, and this is ${process.versions.node}: install a newer one, or \`npm install node\` beside it for npx to use`,
  )
  process.exitCode = 1
} else {
  await import('./main.ts')
}
