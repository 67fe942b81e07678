/** Kubernetes' `$(NAME)`: replaced where the name is known, left as it is where not; `$$` is a plain `$`. */
export function expandVariables(text: string, variables: Record<string, string>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (whole, name?: string) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? variables[name]! : whole;
  });
}
