// What NGINX has no directive for: https://nginx.org/en/docs/njs/. In the JavaScript of njs 0.7, which every NGINX of today can run.
import crypto from 'crypto';

const env = process.env;

/** Whose token it is, or what is wrong with it: a JWT (RFC 7519) that auth has signed with HS256. */
function check(r) {
  const sent = /^Bearer (\S+)$/i.exec(r.headersIn['Authorization'] || '');
  if (!sent) return wrong('no-token', 'Send the token from /api/login as `Authorization: Bearer <token>`.');
  const parts = sent[1].split('.');
  const claims = parts.length === 3 && isSigned(parts) && read(parts[1]);
  if (!claims || claims.iss !== 'auth' || claims.aud !== 'shop' || !claims.sub) {
    return wrong('bad-token', 'The token is not one of ours; log in again.');
  }
  if (!(claims.exp > Date.now() / 1000)) return wrong('token-expired', 'The token has expired; log in again.');
  return { customer: claims.sub };
}

function wrong(code, message) {
  return { code: code, message: message };
}

function isSigned(parts) {
  const header = read(parts[0]);
  if (!header || header.alg !== 'HS256') return false;
  const signature = crypto
    .createHmac('sha256', env.JWT_SECRET)
    .update(parts[0] + '.' + parts[1])
    .digest('base64url');
  // In the same time, whatever the first difference is.
  let difference = signature.length ^ parts[2].length;
  for (let i = 0; i < signature.length; i++) difference |= signature.charCodeAt(i) ^ parts[2].charCodeAt(i);
  return difference === 0;
}

/** A part of a token; null when it is none. */
function read(part) {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch (error) {
    return null;
  }
}

function checksHere() {
  return env.TOKEN_CHECK !== 'services';
}

/** The body of a 401; empty where the request may go on. */
function refusal(r) {
  const found = checksHere() ? check(r) : {};
  if (!found.code) return '';
  return JSON.stringify({ error: { code: found.code, message: found.message, correlationId: correlation(r) } });
}

function passedCustomer(r) {
  return (checksHere() && check(r).customer) || '';
}

function passedToken(r) {
  return (!checksHere() && r.headersIn['Authorization']) || '';
}

/** Who is counted: the customer by a good token, else the address. */
function limited(r) {
  if (env.RATE_LIMIT !== 'per-client') return '';
  const customer = check(r).customer;
  return customer ? 'customer ' + customer : 'address ' + r.remoteAddress;
}

/** Fit for a log line, as the services have it. */
function correlation(r) {
  const sent = r.headersIn['X-Correlation-Id'] || '';
  return /^[\w.:-]{1,128}$/.test(sent) ? sent : r.variables.request_id;
}

/** As the rest of the cluster's names are found: NGINX's resolver does not complete them. */
function address(variable) {
  const url = env[variable] || '';
  const short = /^(https?:\/\/)([^.:/]+)(:\d+)?$/.exec(url);
  return short ? short[1] + short[2] + '.' + env.POD_NAMESPACE + '.svc.cluster.local' + (short[3] || '') : url;
}

/** The version of orders that the customer is on, by the same hash as the gateway of the shop. */
function ordersUrl(r) {
  const percent = Number(env.CANARY_PERCENT || 0);
  const customer = percent > 0 ? check(r).customer : null;
  if (!customer) return address('ORDERS_URL');
  const hash = parseInt(crypto.createHash('sha256').update(customer).digest('hex').slice(0, 8), 16);
  return address(hash % 100 < percent ? 'ORDERS_V2_URL' : 'ORDERS_URL');
}

function isSlim(r) {
  return env.RESPONSE_SHAPING === 'slim' && r.status === 200;
}

/** Of what a service answers a customer gets to see these. */
const shown = ['content-type', 'content-length', 'retry-after', 'x-correlation-id', 'ratelimit-policy'];

function shownHeaders(r) {
  for (const name in r.headersOut) if (shown.indexOf(name.toLowerCase()) < 0) delete r.headersOut[name];
  // What is left out shortens the content; this runs for all that NGINX passes on.
  if (isSlim(r) && r.uri === '/api/products') delete r.headersOut['Content-Length'];
}

let content = [];

/** Leaves out of the product list what a list does not show. */
function slimProducts(r, data, flags) {
  if (!isSlim(r)) return r.sendBuffer(data, flags);
  content.push(data);
  if (!flags.last) return undefined;
  const list = JSON.parse(Buffer.concat(content).toString());
  content = [];
  list.products = list.products.map((each) => ({ id: each.id, name: each.name, priceCents: each.priceCents }));
  return r.sendBuffer(JSON.stringify(list), flags);
}

export default {
  refusal,
  passedCustomer,
  passedToken,
  limited,
  correlation,
  ordersUrl,
  shownHeaders,
  slimProducts,
  authUrl: () => address('AUTH_URL'),
  usersUrl: () => address('USERS_URL'),
  catalogUrl: () => address('CATALOG_URL'),
};
