const dark = matchMedia('(prefers-color-scheme: dark)')
const { dataset } = document.documentElement

/**
 * The system's wish counts until another is chosen here.
 *
 * @param {HTMLElement} button
 * @param {() => void} onChange after the colours have changed
 */
export function connectThemeSwitch(button, onChange) {
  const other = () => (dataset['theme'] === 'dark' ? 'light' : 'dark')
  const label = () => {
    button.textContent = other() === 'dark' ? 'Dark' : 'Light'
    button.setAttribute('aria-label', `Switch to ${other()} colours`)
  }
  const change = (/** @type {string} */ theme) => {
    dataset['theme'] = theme
    label()
    onChange()
  }
  button.addEventListener('click', () => {
    localStorage.setItem('theme', other())
    change(other())
  })
  dark.addEventListener('change', ({ matches }) => {
    if (localStorage.getItem('theme') === null) change(matches ? 'dark' : 'light')
  })
  label()
}
