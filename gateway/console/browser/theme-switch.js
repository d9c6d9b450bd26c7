const dark = matchMedia('(prefers-color-scheme: dark)')

function current() {
  return document.documentElement.dataset['theme'] ?? (dark.matches ? 'dark' : 'light')
}

/**
 * The system's wish counts until another is chosen here.
 *
 * @param {HTMLElement} button
 * @param {() => void} onChange after the colours have changed
 */
export function connectThemeSwitch(button, onChange) {
  const label = () => {
    const next = current() === 'dark' ? 'light' : 'dark'
    button.textContent = next === 'dark' ? 'Dark' : 'Light'
    button.setAttribute('aria-label', `Switch to ${next} colours`)
  }
  const changed = () => {
    label()
    onChange()
  }
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark'
    document.documentElement.dataset['theme'] = next
    localStorage.setItem('theme', next)
    changed()
  })
  dark.addEventListener('change', changed)
  label()
}
