/* global document, localStorage, matchMedia */
// Runs before the first paint, as a file of its own because the page allows no inline script.
(() => {
  let choice;
  try {
    choice = localStorage.getItem('kinora.theme');
  } catch {
    // storage can be forbidden
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
