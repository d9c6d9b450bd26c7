import { html, raw } from 'hono/html'

const imports = JSON.stringify({ imports: { uplot: './console/assets/uPlot.esm.js' } })

/**
 * The page without anything in it: what is shown comes as data, and names are put in as text. Addresses are relative, so
 * that it works below a path of a proxy too.
 */
export function consolePage(nonce: string) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>bandit-gateway</title>
        <link rel="icon" href="console/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="console/assets/uPlot.min.css" />
        <link rel="stylesheet" href="console/assets/colours.css" />
        <link rel="stylesheet" href="console/assets/page.css" />
        <link rel="stylesheet" href="console/assets/panels.css" />
        <link rel="stylesheet" href="console/assets/figures.css" />
        <script nonce="${nonce}" src="console/assets/theme.js"></script>
        <script nonce="${nonce}" type="importmap">
          ${raw(imports)}
        </script>
        <script nonce="${nonce}" type="module" src="console/assets/main.js"></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="top">
          <a class="brand" href="#/"><span class="brand-mark" aria-hidden="true"></span>bandit-gateway</a>
          <nav id="trail" aria-label="Where you are"></nav>
          <p id="connection" class="connection" role="status">Connecting</p>
          <button id="theme" class="quiet" type="button">Theme</button>
        </header>
        <p id="notice" class="notice" role="alert" hidden></p>
        <main id="content" tabindex="-1">
          <noscript
            >This page shows live figures and needs JavaScript. GET /endpoints has them as JSON.</noscript
          >
        </main>
      </body>
    </html>`
}
