/** What a browser without the code is shown. Nothing of a request stands in it. */
export function codePage(wrong: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Access code · Breakwater</title>
<style>
  :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 12vh auto 0; padding: 0 1.5rem; }
  label { display: block; font-weight: 600; }
  input, button { font: inherit; padding: 0.5rem 0.75rem; margin-top: 0.5rem; }
  input { width: 11rem; font-family: ui-monospace, monospace; }
</style>
<main>
  <h1>Breakwater</h1>
  <p>This lab runs on another machine. Who started it has the access code: it stands in the terminal, behind the URL.</p>
  <form method="get">
    ${wrong ? '<p id="wrong" role="alert"><b>That is not the code.</b> Look for mistyped letters; capitals make no difference.</p>' : ''}
    <label for="code">Access code</label>
    <input id="code" name="code" autocomplete="off" autocapitalize="none" spellcheck="false" required autofocus${wrong ? ' aria-describedby="wrong" aria-invalid="true"' : ''}>
    <button>Open the lab</button>
  </form>
</main>
</html>
`;
}
