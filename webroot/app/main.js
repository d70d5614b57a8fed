import { AlertBook } from './alerts.js';
import { empty, h, text, toggle } from './dom.js';
import { Feed } from './feed.js';
import { Fleet } from './fleet.js';
import { ZONE } from './filters.js';
import { count, duration, elapsed, plural, timeOfDay, when } from './format.js';
import { Notices } from './notice.js';
import { Session } from './session.js';
import { setUpTheme } from './theme.js';
import { aboutView } from './views/about.js';
import { alertView } from './views/alert.js';
import { alertsView } from './views/alerts.js';
import { fleetView } from './views/fleet.js';
import { helpView } from './views/help.js';
import { hoursView } from './views/hours.js';
import { leaderboardView } from './views/leaderboard.js';
import { qualityView } from './views/quality.js';
import { reportsView } from './views/reports.js';
import { rideView } from './views/ride.js';
import { riderView } from './views/rider.js';
import { ridesView } from './views/rides.js';
import { signInView } from './views/sign-in.js';
import { storyView } from './views/story.js';
import { unknownView } from './views/unknown.js';
import { wallView } from './views/wall.js';

const byId = (id) => document.getElementById(id);
const session = new Session();
const fleet = new Fleet();
const feed = new Feed(session, fleet);
const alerts = new AlertBook(session, feed, fleet);
const app = { session, fleet, feed, alerts, notices: new Notices(alerts), held: false };
let heldAt = 0;

const READ_ONLY = ['rides:read', 'riders:read'];
const NUMBER = /^\d{1,16}$/;
const WALL_LINK = /^#\/wall\/(wall_[\w-]{43})$/;

const VIEWS = {
  fleet: { title: 'Fleet', open: fleetView },
  ride: { title: 'Ride', open: rideView, within: 'fleet', id: NUMBER },
  alerts: { title: 'Alerts', open: alertsView },
  alert: { title: 'Alert', open: alertView, within: 'alerts', id: /^\d{1,16}-\d{1,6}$/ },
  rides: { title: 'Rides', open: ridesView },
  rider: { title: 'Rider', open: riderView, within: 'rides', id: NUMBER },
  leaderboard: { title: 'Leaderboard', open: leaderboardView, within: 'rides' },
  hours: { title: 'Last 12 hours', open: hoursView },
  quality: { title: 'Data quality', open: qualityView },
  reports: { title: 'Reports', open: reportsView },
  story: { title: 'Story', open: storyView, within: 'fleet' },
  wall: { title: 'Wall', open: wallView },
  help: { title: 'Help', open: helpView, isPublic: true },
  about: { title: 'About', open: aboutView, isPublic: true },
  unknown: { title: 'Page not found', open: unknownView, isPublic: true },
};

/** Sets the title of the page, preceded by the number of ongoing alerts to acknowledge. */
app.title = (name = app.pageName) => {
  app.pageName = name;
  const urgent = session.signedIn ? alerts.urgent.length : 0;
  document.title = `${urgent ? `(${count(urgent)}) ` : ''}${name} · Deloton live`;
};

let view = null;
let shown = '';
let drawing = false;

function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const isView = Object.hasOwn(VIEWS, name) && (VIEWS[name].id?.test(rest[0] ?? '') ?? true);
  return { name: name === '' ? 'fleet' : isView ? name : 'unknown', path, rest, query: new URLSearchParams(query) };
}

/** Keeps the wall token of a link on this device, and removes it from the address; false if the address has none. */
function takeWallToken() {
  const link = WALL_LINK.exec(location.hash);
  if (!link) return false;
  history.replaceState(null, '', `${location.pathname}#/wall`);
  session.keepWallToken(link[1]);
  return true;
}

function show() {
  if (location.hash === '#main') return;
  if (takeWallToken()) {
    location.reload();
    return;
  }
  const target = route();
  const kind = VIEWS[target.name];
  if (session.isWall && target.name !== 'wall' && !kind.isPublic) {
    session.leaveWall();
    return;
  }
  const signIn = !session.signedIn && !kind.isPublic;
  if (signIn && target.name === 'wall' && session.enterWall()) return;
  if (signIn && target.name === 'wall' && session.config.signIn.kind === 'local' && !session.wallRevoked) {
    session.signIn(READ_ONLY).catch(() => setTimeout(show, 5_000));
    return;
  }
  // A query that a view writes itself does not reach this: the view replaces the address without an event.
  const key = `${signIn}/${target.path}?${target.query}`;
  if (key === shown) return;
  release();
  const first = shown === '';
  shown = key;
  view?.close?.();
  const root = byId('main');
  root.replaceChildren();
  root.className = `view-${signIn ? 'sign-in' : target.name}`;
  view = signIn ? signInView(root, app) : kind.open(root, app, target);
  app.title(signIn ? 'Sign in' : kind.title);
  for (const link of document.querySelectorAll('.views a')) {
    const current = link.hash === `#/${target.name}` || link.hash === `#/${kind.within}`;
    if (current) link.setAttribute('aria-current', link.hash === `#/${target.name}` ? 'page' : 'true');
    else link.removeAttribute('aria-current');
  }
  if (!first) {
    window.scrollTo(0, 0);
    root.focus({ preventScroll: true });
  }
  draw();
}

function draw() {
  if (drawing || app.held) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    view?.draw?.();
  });
}

const PILL = {
  off: ['Signed out', 'off'],
  connecting: ['Connecting', 'wait'],
  live: ['Live', 'live'],
  stale: ['Stale', 'stale'],
  lost: ['Reconnecting', 'lost'],
  forbidden: ['No permission', 'off'],
};

function status() {
  const { state } = feed;
  const [word, look] = PILL[state];
  const ageS = Math.round((performance.now() - feed.lastFrameAt) / 1000);
  const old = state === 'stale' || state === 'lost';
  byId('pill').dataset.state = look;
  const held = app.held && state === 'live';
  text(byId('pill-text'), held ? `Held ${elapsed((performance.now() - heldAt) / 1000)}` : word);
  if (held) byId('pill').dataset.state = 'stale';
  toggle(document.documentElement, 'is-old', old);
  const banner = byId('banner');
  banner.hidden = !(old || app.held || state === 'forbidden');
  banner.dataset.state = look;
  if (old) {
    text(
      banner,
      `Data as of ${when(fleet.at, fleet.now())}, ${duration(ageS)} ago.${state === 'lost' ? ` ${feed.detail} Reconnecting…` : ''}`,
    );
  } else if (state === 'forbidden') {
    text(banner, feed.detail);
  } else if (app.held) {
    text(banner, `Display on hold since ${timeOfDay(fleet.now() - (performance.now() - heldAt))}. Select Release to resume.`);
    banner.dataset.state = 'stale';
  }
}

function hold() {
  app.held = !app.held;
  heldAt = performance.now();
  byId('hold').setAttribute('aria-pressed', String(app.held));
  text(byId('hold'), app.held ? 'Release' : 'Hold');
  status();
  draw();
}

/** A view that opens, or is drawn in other colours, shows current values. */
function release() {
  if (app.held) hold();
}

function counts() {
  const urgent = alerts.urgent.length;
  byId('nav-alerts').hidden = urgent === 0;
  text(byId('nav-alerts'), count(urgent));
  byId('nav-alerts').title = `${plural(urgent, 'ongoing alert')} to acknowledge`;
  app.title();
}

byId('hold').addEventListener('click', hold);
byId('sign-out').addEventListener('click', () => session.signOut());
setUpTheme(byId('theme'), () => {
  release();
  view?.recolour?.();
  draw();
});
window.addEventListener('hashchange', show);
window.addEventListener('resize', draw);
document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches('input, select, textarea')) return;
  if (e.key === 'h' && session.signedIn) hold();
  if (e.key === '?') location.hash = '#/help';
  if (e.key === '/') {
    const search = document.querySelector('input[type=search]');
    if (search) {
      e.preventDefault();
      search.focus();
    }
  }
});

feed.addEventListener('state', () => {
  status();
  draw();
});
feed.addEventListener('frame', draw);
feed.addEventListener('snapshot', draw);
feed.listen('live.riders', ({ riders }) => riders.forEach((rider) => fleet.name(rider)));
feed.listen('live.totals', (totals) => {
  fleet.totals = totals;
});
alerts.addEventListener('change', () => {
  counts();
  draw();
});
alerts.addEventListener('raised', (e) => text(byId('announcer'), e.detail));
session.addEventListener('signed-in', () => {
  byId('sign-out').hidden = byId('hold').hidden = session.isWall;
  if (feed.state === 'off' || feed.state === 'forbidden') feed.start();
  show();
});
session.addEventListener('signed-out', (e) => {
  byId('sign-out').hidden = byId('hold').hidden = true;
  app.reason = e.detail;
  feed.stop();
  alerts.clear();
  shown = '';
  show();
});
setInterval(() => {
  status();
  draw();
}, 1000);

async function start() {
  takeWallToken();
  try {
    await session.open();
  } catch (e) {
    if (!session.config) {
      byId('main').replaceChildren(
        h('h1', { class: 'unseen' }, 'Deloton live'),
        empty('The gateway does not respond', `${e.message} Retrying automatically.`),
      );
      setTimeout(start, 3000);
      return;
    }
    app.reason = e.message;
  }
  text(byId('version'), `Gateway ${session.config.version} · times in ${ZONE}`);
  shown = '';
  status();
  show();
}

start();
