/** Resolves when somebody can see the page: at once, or as soon as its tab is shown again. */
export async function whenVisible(page: Document): Promise<void> {
  while (page.visibilityState === 'hidden')
    await new Promise((resolve) => page.addEventListener('visibilitychange', resolve, { once: true }));
}
