// Not a module, so that the page is never drawn in the wrong colours first.
const systemTheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.dataset['theme'] = localStorage.getItem('theme') ?? systemTheme
