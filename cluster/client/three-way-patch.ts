type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/**
 * The JSON merge patch (RFC 7386) that brings `live` to `desired`, or null when there is nothing to do. As in kubectl's
 * three-way merge, a field is removed only if we set it the last time (`applied`) and want it no more; what others
 * or the server's defaults have set stays. Lists are replaced whole, and only when one of our items is not in place.
 */
export function threeWayPatch(applied: unknown, desired: unknown, live: unknown): object | null {
  const patch = difference(fields(applied), fields(desired) ?? {}, fields(live));
  return Object.keys(patch).length > 0 ? patch : null;
}

function difference(applied: Fields | null, desired: Fields, live: Fields | null): Fields {
  const patch: Fields = {};
  for (const name of Object.keys(applied ?? {})) {
    if (!(name in desired) && live && name in live) patch[name] = null;
  }
  for (const [name, wanted] of Object.entries(desired)) {
    const present = live?.[name];
    const wantedFields = fields(wanted);
    if (wantedFields && fields(present)) {
      const nested = difference(fields(applied?.[name]), wantedFields, fields(present));
      if (Object.keys(nested).length > 0) patch[name] = nested;
    } else if (!contains(present, wanted)) {
      patch[name] = wanted;
    }
  }
  return patch;
}

/** Whether `live` holds everything `desired` says; the server adds defaults inside list items too. */
function contains(live: Json | undefined, desired: Json): boolean {
  if (Array.isArray(desired)) {
    return (
      Array.isArray(live) &&
      live.length === desired.length &&
      desired.every((item, index) => contains(live[index], item))
    );
  }
  const wanted = fields(desired);
  if (!wanted) return live === desired;
  const present = fields(live);
  return present !== null && Object.entries(wanted).every(([name, value]) => contains(present[name], value));
}

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
