// Not a module, so that the page is never drawn in the wrong colours first.
const chosenTheme = localStorage.getItem('theme')
if (chosenTheme === 'light' || chosenTheme === 'dark') document.documentElement.dataset['theme'] = chosenTheme
