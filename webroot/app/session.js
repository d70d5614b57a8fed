/** Who is signed in. The token lives in memory only: a reload signs out of `local`, and signs in again by the provider. */
const PENDING = 'deloton.sign-in';
const RENEW_BEFORE_MS = 30_000;

export class Refused extends Error {
  constructor(status, detail, retryAfterS) {
    super(detail);
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

export class Session extends EventTarget {
  #token = null;
  #refreshToken = null;
  #localScopes = null;
  #renewal = null;
  config = null;
  claims = null;

  get signedIn() {
    return this.#token !== null;
  }

  may(scope) {
    const scopes = this.claims?.scope ?? this.claims?.scp ?? [];
    return (Array.isArray(scopes) ? scopes : String(scopes).split(' ')).includes(scope);
  }

  /** Reads the settings and, coming back from the provider, takes the code. */
  async open() {
    const answer = await fetch('live/config', { headers: { accept: 'application/json' } });
    if (!answer.ok) throw await refusal(answer);
    this.config = await answer.json();
    const query = new URLSearchParams(location.search);
    if (query.has('state') && (query.has('code') || query.has('error'))) await this.#comeBack(query);
  }

  async signIn(scopes = null) {
    if (this.config.signIn.kind === 'oidc') return this.#goToProvider();
    this.#localScopes = scopes;
    return this.#developmentToken();
  }

  signOut(reason = '') {
    clearTimeout(this.#renewal);
    this.#token = null;
    this.#refreshToken = null;
    this.claims = null;
    this.dispatchEvent(new CustomEvent('signed-out', { detail: reason }));
  }

  /** Asks the API as the one who is signed in. Refusals are thrown with the problem's own words. */
  async request(path, { method = 'GET', accept = 'application/json', body, signal } = {}) {
    if (!this.#token) throw new Refused(401, 'Nobody is signed in.');
    const headers = { accept, authorization: `Bearer ${this.#token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    if (answer.status === 401) this.signOut('Your sign-in has ended.');
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }

  async json(path, options) {
    return (await this.request(path, options)).json();
  }

  #accept(token, refreshToken = null) {
    this.#token = token;
    this.#refreshToken = refreshToken;
    this.claims = claimsOf(token);
    clearTimeout(this.#renewal);
    const leftMs = (this.claims.exp ?? 0) * 1000 - Date.now();
    if (leftMs > 0) this.#renewal = setTimeout(() => this.renew(), Math.min(Math.max(leftMs - RENEW_BEFORE_MS, leftMs / 2), 2 ** 31 - 1));
    this.dispatchEvent(new Event('signed-in'));
  }

  async renew() {
    try {
      if (this.config.signIn.kind === 'local') await this.#developmentToken();
      else if (this.#refreshToken) {
        await this.#exchange({ grant_type: 'refresh_token', refresh_token: this.#refreshToken });
      } else this.signOut('Your sign-in has ended.');
    } catch (e) {
      if (e instanceof Refused && e.status < 500) this.signOut('Your sign-in has ended.');
      else this.#renewal = setTimeout(() => this.renew(), 5_000);
    }
  }

  async #developmentToken() {
    const answer = await fetch('v1/token', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(this.#localScopes ? { scopes: this.#localScopes } : {}),
    });
    if (!answer.ok) throw await refusal(answer);
    const body = await answer.json();
    this.#accept(body.token ?? body.access_token);
  }

  async #goToProvider() {
    const { authorizationUrl, clientId, scope } = this.config.signIn;
    const pending = { state: random(), nonce: random(), verifier: random(), hash: location.hash };
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
    const target = new URL(authorizationUrl);
    for (const [name, value] of Object.entries({
      response_type: 'code', client_id: clientId, redirect_uri: here(), scope, state: pending.state, nonce: pending.nonce,
      code_challenge: base64Url(new Uint8Array(digest)), code_challenge_method: 'S256',
    })) target.searchParams.set(name, value);
    location.assign(target);
  }

  async #comeBack(query) {
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
    sessionStorage.removeItem(PENDING);
    history.replaceState(null, '', here() + (pending?.hash ?? ''));
    if (!pending || pending.state !== query.get('state')) throw new Refused(400, 'The answer does not belong to a sign-in of this page. Please sign in again.');
    if (query.has('error')) throw new Refused(403, `The identity provider refused: ${query.get('error_description') ?? query.get('error')}`);
    await this.#exchange({ grant_type: 'authorization_code', code: query.get('code'), redirect_uri: here(), code_verifier: pending.verifier }, pending.nonce);
  }

  async #exchange(form, nonce = null) {
    const { tokenUrl, clientId } = this.config.signIn;
    const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams({ ...form, client_id: clientId }) });
    if (!answer.ok) throw await refusal(answer);
    const body = await answer.json();
    if (nonce && body.id_token && claimsOf(body.id_token).nonce !== nonce) throw new Refused(400, 'The sign-in was answered for another page.');
    this.#accept(body.access_token, body.refresh_token ?? this.#refreshToken);
  }
}

async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Refused(answer.status, problem.detail ?? problem.title ?? `The server answered ${answer.status}.`, Number(answer.headers.get('retry-after')) || null);
}

/** For what to show only; the server checks the signature. */
function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

const here = () => location.origin + location.pathname;
const random = () => base64Url(crypto.getRandomValues(new Uint8Array(32)));
const base64Url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
