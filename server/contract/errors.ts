/** What every failed request answers, and what the page shows: what happened, and what to do about it. */
export interface ErrorBody {
  error: {
    /** Stable and in kebab case, for programs: `unknown-pattern`, `body-too-large` ... */
    code: string;
    /** What happened, and where. One sentence. */
    message: string;
    /** What to do about it. One sentence. */
    action: string;
  };
}
