// Runs before the first paint, so that a chosen theme never flashes. The choice is kept by components/state/theme.ts.
try {
  const choice = localStorage.getItem('breakwater-theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch (error) {
  console.warn('The theme follows the system: this browser keeps no storage for the page.', error);
}
