// Makes a call, and finds out what happened and why.

/** What can happen to a call, and who decided: nobody refused it, the browser did, or the server turned it away. */
export const KINDS = {
  'Shared': 'allowed',
  'Let in': 'allowed',
  'Answer withheld': 'refused',
  'Stopped at preflight': 'refused',
  'Nothing to share': 'refused',
  'Not sent': 'refused',
  'Turned away': 'turned-away',
};

/** Makes a call, as often as it says, and returns what the page got and what the API saw under this name. */
export async function make(made, api, name) {
  const { call: [path, options], header, times = 1 } = made;
  const url = `${api}${path}${path.includes('?') ? '&' : '?'}call=${name}`;
  let got;
  for (let time = 0; time < times; time += 1) {
    try {
      got = await read(await fetch(url, options), header);
    } catch (error) {
      got = { outcome: 'refused', detail: String(error) };
    }
  }
  const saw = await (await fetch(`${api}/calls/${name}`)).json();
  const requests = saw.requests.map((request) => exchange(request, options));
  const result = { ...got, requests, runs: saw.runs };
  result.meaning = happened(result);
  result.kind = KINDS[result.meaning];
  result.reason = reason(result);
  return result;
}

async function read(response, header) {
  if (response.type === 'opaque') return { outcome: 'nothing to read', detail: 'an opaque response' };
  const body = await response.text();
  const exposed = header ? `, ${header}: ${response.headers.get(header)}` : '';
  return { outcome: `read ${response.status}${exposed}`, detail: body.length < 60 ? body : '' };
}

/** A request that the server saw, with what the browser makes of its answer. */
function exchange({ method, cookie, decided, wire: { sent, answered } }, { mode, credentials } = {}) {
  const [asked, told] = [headers(sent), headers(answered)];
  const status = Number(answered[0]?.split(' ')[1]);
  const isPreflight = asked('access-control-request-method') !== null;
  // Debug builds say more there than the policy alone can say.
  const said = told('server-timing')?.match(/cors;desc="([^"]*)"/)?.[1];
  const found = { method, cookie, decided, sent, answered, status, isPreflight, said };
  if (mode !== 'no-cors') found.failed = failed(found, asked, told, credentials === 'include');
  return found;
}

/** Gets headers from lines, as Fetch does: several of one name are one list. */
function headers(lines) {
  const pairs = lines.slice(1).map((line) => line.split(/:\s*([^]*)/));
  return (name) => {
    const values = pairs.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value);
    return values.length ? values.join(', ') : null;
  };
}

/** The browser's check that fails: https://fetch.spec.whatwg.org/#concept-cors-check and #cors-preflight-fetch. */
function failed({ isPreflight, status }, asked, told, include) {
  const [origin, allowed] = [asked('origin'), told('access-control-allow-origin')];
  if (origin === null) return '';
  if (allowed === null) return 'the answer has no `Access-Control-Allow-Origin`';
  if (allowed !== origin && (allowed !== '*' || include)) {
    const wanted = `\`${origin}\`${include ? ' with cookies' : ''}`;
    return `\`Access-Control-Allow-Origin\` is \`${allowed}\`, and has to be ${wanted}`;
  }
  if (include && told('access-control-allow-credentials') !== 'true') {
    return '`Access-Control-Allow-Credentials` is not `true`';
  }
  if (!isPreflight) return '';
  if (status < 200 || status > 299) return `the preflight is answered with ${status}`;
  const list = (text) => (text ?? '').split(',').map((item) => item.trim()).filter(Boolean);
  const star = (items) => items.includes('*') && !include;
  const [method, methods] = [asked('access-control-request-method'), list(told('access-control-allow-methods'))];
  if (!methods.includes(method) && !['GET', 'HEAD', 'POST'].includes(method) && !star(methods)) {
    return `\`Access-Control-Allow-Methods\` does not name \`${method}\``;
  }
  const names = list(told('access-control-allow-headers')?.toLowerCase());
  const missing = list(asked('access-control-request-headers')).find(
    (name) => !names.includes(name) && (!star(names) || name === 'authorization'));
  return missing ? `\`Access-Control-Allow-Headers\` does not name \`${missing}\`` : '';
}

/** What the policy did, told by what happened. */
function happened({ outcome, requests, runs }) {
  const last = requests.at(-1);
  if (outcome.startsWith('read')) return 'Shared';
  if (!last) return 'Not sent';
  if (last.isPreflight) return 'Stopped at preflight';
  if (runs === 0 && last.status === 403) return 'Turned away';
  if (outcome === 'nothing to read') return 'Let in';
  return runs === 0 && last.status === 404 && !last.decided.route ? 'Nothing to share' : 'Answer withheld';
}

/** Why the page did not get what it asked for: in the server's words if it has some, else in the browser's. */
function reason({ kind, detail, requests }) {
  if (kind === 'allowed') return '';
  const last = requests.at(-1);
  if (!last) return detail;
  return last.said ?? last.decided.refusal ?? (last.failed || 'debug builds of the API say why');
}

/** The requests in a line. */
export function arrived(requests) {
  return requests.map(({ method, cookie }) => (cookie ? `${method} with cookie` : method)).join(', ') || 'nothing';
}

// ---- The exchange, as `cargo cors explain` prints it ----

/** Headers that have no part in CORS. */
const ASIDE = new RegExp(`^(${[
  'accept: \\*/\\*', 'accept-(language|encoding):', 'cache-control:', 'connection:', 'content-length:', 'date:', 'dnt:',
  'host:', 'keep-alive:', 'permissions-policy:', 'pragma:', 'priority:', 'referer:', 'sec-ch-', 'sec-gpc:',
  'sec-fetch-(dest|mode|user):', 'server(-timing)?:', 'te:', 'transfer-encoding:', 'user-agent:',
  'x-content-type-options:', 'x-frame-options:',
].join('|')})`, 'i');

/** The lines of one request and its answer, each with its kind. */
export function lines({ sent, answered, decided, said, failed }) {
  const shown = (head) => head.filter((line) => !ASIDE.test(line));
  const [first = '', ...rest] = shown(sent);
  const { route, source, policy, refusal } = decided;
  const text = [
    ['sent', `> ${first.replace(/[?&]call=\S*/, '').replace(/ HTTP\/1\.1$/, '')}`],
    ...rest.map((line) => ['sent', `> ${line}`]),
  ];
  if (route) text.push(['aside', `decided by ${route}${source ? `, ${source}` : ''}`]);
  if (policy) text.push(['aside', `shared with ${policy}`]);
  if (said ?? refusal) text.push(['why', said ?? refusal]);
  text.push(...shown(answered).map((line) => ['answered', `< ${line.replace(/^HTTP\/1\.1 /, '')}`]));
  if (failed) text.push(['bad', `✗ ${failed}`]);
  else if (failed === '') text.push(['good', '✓ the browser’s checks pass']);
  else text.push(['aside', 'the browser checks nothing, since the page wants no answer']);
  return text;
}

/** What came of it, in a sentence. */
export function conclusion({ meaning, outcome, detail, runs, requests }) {
  const handler = runs > 0 ? 'the handler ran' : 'no handler ran';
  const error = `the page sees ${detail}`;
  const method = requests.at(-1)?.method;
  return {
    'Shared': `the page reads the answer (${outcome.replace('read ', '')})`,
    'Let in': `${handler}, and the page wanted no answer`,
    'Answer withheld': `${handler}, and the browser keeps the answer from the page: ${error}`,
    'Nothing to share': `${handler}, and the browser keeps the answer from the page: ${error}`,
    'Stopped at preflight': `the browser does not send the request after the preflight: ${error}`,
    'Turned away': `the application rejects the ${method} before any guard or the handler runs: ${error}`,
    'Not sent': `the browser sends nothing: ${error}`,
  }[meaning];
}
