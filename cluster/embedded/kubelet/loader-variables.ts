/**
 * Variables by which a loader, a shell or Node runs other code than the image's own. In a container they would do harm within it;
 * here the process is one of this machine's.
 */
const loads =
  /^(LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|GCONV_PATH|OPENSSL_(CONF|MODULES|ENGINES)|BASH_ENV|ENV|SHELLOPTS|PATH)$/i;

/** Refuses an environment that would start other programs than the image's. Throws an Error that names the variable. */
export function refuseLoaderVariables(env: Record<string, string>): void {
  const name = Object.keys(env).find((each) => loads.test(each));
  if (name === undefined) return;
  throw new Error(
    `The variable ${name} would load other code than the image's, which a local process must not; remove it from the container's env.`,
  );
}
